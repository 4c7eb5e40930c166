"""check FILE: compare the gradients of a design, or of a trained model, with numerical ones."""

from __future__ import annotations

import argparse
import json

from engine.commands._opened import project_of
from engine.files import TrainedModel, load
from engine.gradient_check import GradientReport, check_gradients
from engine.network import Network

HELP = "check the gradients of a design numerically"
EXAMPLES = 32
"""Training examples that the check uses."""


def run(options: argparse.Namespace) -> int:
    """1 where the check fails."""
    opened = load(options.file)
    project = project_of(opened)
    data = project.build_data()
    if isinstance(opened, TrainedModel):
        network = opened.trainer(data).network
    else:
        network = Network(project.design, project.training, dtype="float64", data=data)
    few = data.train.take(range(min(EXAMPLES, data.train.m)))
    report = check_gradients(network, few.X, few.Y)
    print(_json(report) if options.json else _text(report))
    return 0 if report.passed else 1


def _json(report: GradientReport) -> str:
    blocks = [{"name": b.name, "relative_error": b.relative_error} for b in report.blocks]
    values = {
        "relative_error": report.relative_error,
        "verdict": report.verdict,
        "blocks": blocks,
        "passed": report.passed,
    }
    return json.dumps(values, sort_keys=True)


def _text(report: GradientReport) -> str:
    lines = [f"{block.name:24} {block.relative_error:.3g}" for block in report.blocks]
    lines += [f"all parameters           {report.relative_error:.3g}", report.sentence]
    return "\n".join(lines)
