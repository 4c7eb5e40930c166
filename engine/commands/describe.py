"""describe FILE: layers, shapes, parameters, costs and advice."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from engine.commands._opened import project_of
from engine.design import LayerRow, analyze
from engine.design.describe import size_text
from engine.files import load
from engine.layers import shape_text

HELP = "list layers, shapes, parameters, costs and advice"


def run(options: argparse.Namespace) -> int:
    """Nothing is trained and no data are loaded."""
    project = project_of(load(options.file))
    found = analyze(project.design, project.training, project.data.source.fit())
    if options.json:
        print(json.dumps([_plain(row) for row in found.rows], sort_keys=True))
        return 0
    print("\n".join(_table(found.rows, project.training.batch_size or 1)))
    for advice in [*found.advice, *(piece for row in found.rows for piece in row.advice)]:
        print(f"{advice.node or 'training'}: {advice.text} {advice.why}")
    return 0


def _table(rows: Sequence[LayerRow], batch: int) -> Iterator[str]:
    shapes = [f"{shape_text(row.shape)} × m" for row in rows]
    name_width = max(20, *(len(row.name) for row in rows))
    kind_width = max(14, *(len(row.kind) for row in rows))
    shape_width = max(14, *map(len, shapes))

    def first(name: str, kind: str, shape: str) -> str:
        return f"{name:{name_width}} {kind:{kind_width}} {shape:>{shape_width}}"

    yield f"{first('', '', '')} {'':>12} {'multiply-adds':^27}"
    heads = f"{'parameters':>12} {'forward':>13} {'backward':>13} {'memory':>10}"
    yield f"{first('layer', 'kind', 'output')} {heads}"
    for row, shape in zip(rows, shapes, strict=True):
        yield f"{first(row.name, row.kind, shape)} {_costs([row], batch)}  {row.settings}"
    yield f"{first('total', '', '')} {_costs(rows, batch)}"
    noun = f"a batch of {batch:,} examples" if batch > 1 else "one example"
    yield f"Multiply-adds are those of one example; memory is what {noun} keeps for the way back."


def _plain(row: LayerRow) -> dict[str, Any]:
    return {**row._asdict(), "advice": [advice.text for advice in row.advice]}


def _costs(rows: Sequence[LayerRow], batch: int) -> str:
    """Parameters, multiply-adds forward and backward, and memory of these rows, in columns."""
    parameters = sum(row.parameters for row in rows)
    forward = sum(row.multiply_adds for row in rows)
    backward = sum(row.backward_multiply_adds for row in rows)
    memory = size_text(batch * sum(row.activation_bytes for row in rows))
    return f"{parameters:12,} {forward:13,} {backward:13,} {memory:>10}"
