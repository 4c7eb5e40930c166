"""Every field of every layer, of the training settings and of the data, inner ones too."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from engine.errors import EngineError
from engine.project.fields import Field, fields_of
from engine.spec import Spec, plain
from studio.model import edits
from studio.shell.staging.edits_by_name import edited
from tests.field_values import valid_values
from tests.monkey.operation import Arguments, Operation
from tests.monkey.world import World

LARGEST = 200
"""Of whole numbers: more units or epochs would only be slow."""
NONSENSE = (None, -1, 0, 1e30, True, "", "he", [], {}, "0.5", float("nan"), [2, 2], {"kind": "no"})


class SetField(Operation):
    """A field gets a value that its type and limits allow."""

    weight = 6.0

    def choose(self, world: World, chance: Random) -> Arguments | None:
        name, field = chance.choice(list(all_fields(world)))
        values = [value for value in valid_values(field.info) if is_tame(value)]
        if not values:
            return None
        value = chance.choice(values)
        try:
            after = edited(world.project, name, value)
        except EngineError:
            after = world.project
        return {"name": name, "value": plain(value)} if world.is_affordable(after) else None

    def perform(self, world: World, name: str, value: Any) -> None:
        world.stage.set(name, frozen(value))


class SetNonsense(Operation):
    """A field gets what it cannot have: that is refused with a sentence, and changes nothing."""

    def choose(self, world: World, chance: Random) -> Arguments:
        name, _ = chance.choice(list(all_fields(world)))
        return {"name": name, "value": chance.choice(NONSENSE)}

    def perform(self, world: World, name: str, value: Any) -> None:
        world.stage.set(name, value)


class Rename(Operation):
    """A layer gets another name, good or bad."""

    weight = 0.5
    names = ("x", "h1", "dense", "Größe λ", "a b", "a.b", "", " x", "n" * 61, "<b>y</b>", "\u202e")

    def choose(self, world: World, chance: Random) -> Arguments | None:
        nodes = list(world.project.design.nodes)
        return {"node": chance.choice(nodes), "name": chance.choice(self.names)} if nodes else None

    def perform(self, world: World, node: str, name: str) -> None:
        document = world.stage.main.document
        document.try_edit(lambda project: edits.rename(project, node, name), f"Rename {node}")


def all_fields(world: World) -> Iterator[tuple[str, Field]]:
    """The full name of each field that can be set now, such as "training.optimizer.beta"."""
    project = world.project
    owners: dict[str, Spec] = {"training": project.training, "data": project.data}
    for owner, spec in {**owners, **project.design.nodes}.items():
        yield from _fields(owner, spec)


def _fields(name: str, spec: Spec) -> Iterator[tuple[str, Field]]:
    for field in fields_of(type(spec)).values():
        if not field.read_only:
            yield f"{name}.{field.name}", field
            inner = getattr(spec, field.name)
            if isinstance(inner, Spec):
                yield from _fields(f"{name}.{field.name}", inner)


def is_tame(value: Any) -> bool:
    """Whether a value lets the program answer soon."""
    if isinstance(value, tuple):
        return all(is_tame(each) for each in value)
    return isinstance(value, (bool, float)) or not isinstance(value, int) or value <= LARGEST


def frozen(value: Any) -> Any:
    """Lists from a file as the tuples that specs hold."""
    return tuple(frozen(each) for each in value) if isinstance(value, list) else value
