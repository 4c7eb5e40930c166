"""RecipeCase, RecipeStep, Remedy: what a remedy looks at, what it returns, and the registry.

To add a remedy, write one class below `Remedy` in one file of this package: what it cures, its
rank, its reason, and the one edit of the project that it makes. The recipe, the command line and
the contract tests find it by itself. No remedy is trusted: an edit that leaves a project that
cannot be trained is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from engine.data import Fit
from engine.design import Design, Report, Wire, check
from engine.design.analysis import Anatomy
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.evidence import Evidence
from engine.layers import Layer
from engine.project import Project

DOUBT = "doubt"
"""What remedies cure that make a diagnosis surer, beside the names of the gaps."""


NOTHING_SEEN = Evidence()
FEW = 3
"""So many layers are named one by one."""


class RecipeStep(NamedTuple):
    """text: the edit in words, such as "keep_prob 0.8 on the two largest layers". project: the
    project after it, or None for what only people can do."""

    text: str
    project: Project | None


@dataclass(frozen=True)
class RecipeCase:
    """A project and what is known about its last run."""

    project: Project
    diagnosis: Diagnosis
    evidence: Evidence = NOTHING_SEEN

    @cached_property
    def fit(self) -> Fit:
        """What the data ask of the network."""
        return self.project.data.source.fit()

    @cached_property
    def report(self) -> Report:
        """The check of the design."""
        return check(self.project.design, self.project.training, self.fit)

    @cached_property
    def anatomy(self) -> Anatomy:
        """The parts that the layers expand into."""
        return Anatomy.of(self.project.design, self.project.training, self.fit, self.report)

    @cached_property
    def hidden(self) -> dict[str, Layer]:
        """The layers between input and output, in network order, with inherited settings."""
        nodes = self.anatomy.nodes.items()
        return {n: layer for n, layer in nodes if layer.inputs and layer.outputs}

    def hidden_with(self, field: str) -> dict[str, Any]:
        """The value of a field in each hidden layer that has it."""
        return {
            name: getattr(layer, field)
            for name, layer in self.hidden.items()
            if field in type(layer).model_fields
        }

    @property
    def smallest_batch(self) -> int:
        """Examples in the smallest batch of an epoch."""
        m = self.project.data.sizes()[0]
        size = min(self.project.training.batch_size or m, m)
        return m % size or size

    @property
    def runs(self) -> bool:
        """Whether the project could be trained."""
        if not self.report.ok:
            return False
        fewest = max((p.layer.fewest_examples for p in self.anatomy.pieces), default=1)
        return self.smallest_batch >= fewest

    def edited(self, changes: Mapping[str, Mapping[str, Any]]) -> Project:
        """The project with some fields of some layers changed, by their names."""
        design: Design = self.project.design
        for name, fields in changes.items():
            design = design.edit(name, **fields)
        return self.project.replace(design=design)

    def trained(self, **changes: Any) -> Project:
        """The project with other training settings."""
        return self.project.replace(training=self.project.training.replace(**changes))


class Remedy:
    """Base of all remedies. Subclasses are registered under their `name`."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    cures: ClassVar[tuple[str, ...]] = ()
    """Names of the gaps that it narrows, or DOUBT."""
    registry: ClassVar[dict[str, type[Remedy]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.registry[cls.name] = cls

    def rank(self, case: RecipeCase) -> int:
        """Its place among the remedies of one gap; the smallest comes first."""
        raise NotImplementedError

    def reason(self, case: RecipeCase) -> str:
        """Why it may help here, in a sentence or two."""
        raise NotImplementedError

    def step(self, case: RecipeCase) -> RecipeStep | None:
        """The edit; None where it is in place already or cannot be made. May raise EngineError."""
        raise NotImplementedError


def named(names: Iterable[str]) -> str:
    """Names in a sentence: "'h1'", "'h1' and 'h2'", "'h1', 'h2' and 'h3'", "4 layers"."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) > FEW:
        return f"{len(quoted)} layers"
    return " and ".join([*([", ".join(quoted[:-1])] if quoted[1:] else []), *quoted[-1:]])


def each(values: Mapping[str, Any], wanted: Callable[[Any], bool]) -> list[str]:
    """The names whose values are as wanted, in order."""
    return [name for name, value in values.items() if wanted(value)]


def _takes(wire: Wire, source: str) -> bool:
    return (wire.source, wire.out) == (source, "out")


def put_behind(project: Project, source: str, layer: Layer) -> tuple[str, Project]:
    """The name of a new layer, and the project in which it takes over all wires from the first
    output of `source`."""
    design = project.design
    name = design.free_name(layer.title.lower())
    moved = [w._replace(source=name) if _takes(w, source) else w for w in design.wires]
    design = design.add(name, layer)
    wires = (*moved, Wire(source, name))
    return name, project.replace(design=type(design)(design.nodes, wires))
