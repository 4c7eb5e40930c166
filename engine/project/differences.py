"""Differences: what is set otherwise in one experiment than in another, found from the specs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from engine.data import DataPlan
from engine.design import Design
from engine.settings import TrainingSettings
from engine.spec import Spec, extra, ordered_fields, readable

SEED = "seed"
"""The field that only moves chance, in whatever spec it stands."""
ABSENT = "absent"


class Experiment(Protocol):
    """All that decides a run, such as a Project or a Run."""

    @property
    def design(self) -> Design: ...

    @property
    def training(self) -> TrainingSettings: ...

    @property
    def data(self) -> DataPlan: ...


class Difference(NamedTuple):
    """One setting that differs. node: its layer, or "" where it holds for the whole network.

    path: the fields' names, from the outermost spec inwards. titles: the same for people.
    before, after: the two values in words. at_start: it matters only when weights are drawn, so
    that a run goes on without it until it is rewound.
    """

    node: str
    path: tuple[str, ...]
    titles: tuple[str, ...]
    before: str
    after: str
    at_start: bool = False

    @property
    def is_seed(self) -> bool:
        """Whether it only moves chance."""
        return self.path[-1] == SEED

    @property
    def heading(self) -> str:
        """The setting's name, such as "Optimizer: learning rate"."""
        first, *inner = self.titles
        return ": ".join([first, *(lowered(title) for title in inner)])

    @property
    def place(self) -> str:
        """The setting with its layer, such as "initializer of h1"."""
        return lowered(self.titles[0]) + (f" of {self.node}" if self.node else "")

    @property
    def text(self) -> str:
        """A few words, such as "keep probability of h1 0.8 → 0.5"."""
        if self.before == ABSENT:
            return f"{self.node} added"
        if self.after == ABSENT:
            return f"{self.node} removed"
        owner = f" of {self.node}" if self.node else ""
        return f"{lowered(self.titles[-1])}{owner} {self.before} → {self.after}"


def differences(a: Experiment, b: Experiment) -> list[Difference]:
    """What is otherwise in b than in a: training, then layers, then data.

    Example: L2 of 0 and of 0.1 give one difference, "L2 λ 0 → 0.1".
    """
    found = list(_between(a.training, b.training))
    if a.design is not b.design:
        found += _between_designs(a.design, b.design)
    return found + list(_between(a.data, b.data))


def in_words(found: Iterable[Difference]) -> str:
    """Differences as one line: "batch size 64 → 32, L2 λ 0 → 0.1"."""
    return ", ".join(difference.text for difference in found)


def lowered(title: str) -> str:
    """A title for the middle of a sentence; abbreviations keep their capitals."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _between(a: Spec, b: Spec, node: str = "") -> Iterator[Difference]:
    """The differing fields of two specs of one class, those of equal kinds inside them too."""
    if a is b:
        return
    for name, info in ordered_fields(type(a)).items():
        mine, theirs = getattr(a, name), getattr(b, name)
        if mine == theirs:
            continue
        title, at_start = info.title or name, bool(extra(info, "at_start"))
        if isinstance(mine, Spec) and type(mine) is type(theirs):
            for inner in _between(mine, theirs, node):
                path, titles = (name, *inner.path), (title, *inner.titles)
                yield inner._replace(path=path, titles=titles, at_start=at_start)
        else:
            empty = "inherited" if extra(info, "inherits") else "empty"
            before, after = (described(value, empty) for value in (mine, theirs))
            yield Difference(node, (name,), (title,), before, after, at_start)


def _between_designs(a: Design, b: Design) -> list[Difference]:
    found: list[Difference] = []
    for node in dict.fromkeys([*a.nodes, *b.nodes]):
        mine, theirs = a.nodes.get(node), b.nodes.get(node)
        if mine is not None and type(mine) is type(theirs):
            assert theirs is not None
            found += _between(mine, theirs, node)
        else:
            before, after = (ABSENT if x is None else x.title for x in (mine, theirs))
            found.append(Difference(node, ("kind",), ("Layer",), before, after))
    if a.nodes.keys() == b.nodes.keys() and a.wires != b.wires:
        before, after = _wires_only_in(a, b), _wires_only_in(b, a)
        found.append(Difference("", ("wires",), ("Wires",), before, after))
    return found


def _wires_only_in(a: Design, b: Design) -> str:
    """The wires of a that b lacks; those of layers that b lacks follow from that."""
    only = [wire for wire in a.wires if wire not in b.wires]
    return ", ".join(f"{wire.source}–{wire.target}" for wire in only) or "none"


def described(value: Any, empty: str) -> str:
    """A value in words; a spec with what is set in it otherwise than by default."""
    if value is None:
        return empty
    if not isinstance(value, Spec):
        return readable(value)
    fields = ordered_fields(type(value))
    set_here = [
        f"{lowered(info.title or name)} {described(getattr(value, name), 'empty')}"
        for name, info in fields.items()
        if getattr(value, name) != info.default
    ]
    return f"{readable(value)} ({', '.join(set_here)})" if set_here else readable(value)
