"""Opening, saving, and what came from elsewhere by the clipboard."""

from __future__ import annotations

from random import Random

from PySide6.QtWidgets import QApplication

from engine.errors import EngineError
from engine.files import load
from studio.shell.staging.waiting import until
from tests.monkey.operation import Arguments, Operation
from tests.monkey.operations.commands import edited_parts
from tests.monkey.world import World

SAVED = 4
"""Names under which designs and models are saved, over and over."""
LOOK_S = 5.0
"""Longer than a look at the first rows takes; what cannot be read never can."""
PASTED = ("", "{", "hello", '{"format": "backprop-studio", "version": 2}', "[1e999]", "\ud7ff\n")


class Open(Operation):
    """Any file; in three of four cases changes may be lost, else the question is cancelled."""

    weight = 1.5

    def choose(self, world: World, chance: Random) -> Arguments:
        names = world.files.names(".netdesign", ".safetensors")
        return {"name": chance.choice(names), "lose": chance.random() < 0.75}

    def perform(self, world: World, name: str, lose: bool) -> None:
        if lose:
            world.stage.main.document.forget_changes()
        world.stage.open(world.files.path(name))


class SaveAs(Operation):
    """Save under one of a few names; what is read again is the same."""

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"name": f"saved {chance.randrange(SAVED)}.netdesign"}

    def perform(self, world: World, name: str) -> None:
        path = world.files.path(name)
        world.stage.do("save_as", path=path)
        read = load(path)
        if not world.stage.main.document.modified:  # by what goes on in the background
            same = edited_parts(read) == edited_parts(world.project)
            assert same, "The file holds something else."


class SaveModel(Operation):
    """Save the trained model, and read it."""

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"name": f"saved {chance.randrange(SAVED)}.safetensors"}

    def perform(self, world: World, name: str) -> None:
        path = world.files.path(name)
        world.stage.do("save_model", path=path)
        if world.stage.main.session.history is not None:
            load(path)


class DamageFile(Operation):
    """Another program cuts off, changes or deletes a saved file."""

    weight = 0.3

    def choose(self, world: World, chance: Random) -> Arguments | None:
        saved = [name for name in world.files.names(".netdesign") if name.startswith("saved")]
        how = chance.choice(("cut", "change", "delete"))
        return {"name": chance.choice(saved), "how": how} if saved else None

    def perform(self, world: World, name: str, how: str) -> None:
        path = world.files.path(name)
        if how == "delete" or not path.exists():
            path.unlink(missing_ok=True)
        elif how == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        else:
            path.write_bytes(world.files.path("small.netdesign").read_bytes())


class OpenTable(Operation):
    """A table or a folder of pictures, as far as the dialog that asks how it is read."""

    weight = 0.7

    def choose(self, world: World, chance: Random) -> Arguments:
        name = chance.choice(("table.csv", "bad table.csv", "animals"))
        return {"name": name, "read": chance.random() < 0.7}

    def perform(self, world: World, name: str, read: bool) -> None:
        command = "open_pictures" if world.files.path(name).is_dir() else "open_table"
        world.stage.do(command, path=world.files.path(name))
        dialog = world.stage.window("data_import")
        if read and until(lambda: dialog.shown()["can_read"], LOOK_S):
            dialog.set("read", True)


class Paste(Operation):
    """What another program put onto the clipboard."""

    weight = 0.3

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"text": chance.choice(PASTED)}

    def perform(self, world: World, text: str) -> None:
        QApplication.clipboard().setText(text)
        world.stage.do("paste")


class SaveInto(Operation):
    """Save where nothing can be saved: that is told, and nothing is lost."""

    weight = 0.2

    def perform(self, world: World) -> None:
        before = edited_parts(world.project)
        try:
            world.stage.do("save_as", path=world.files.folder / "no" / "such" / "a.netdesign")
        except EngineError:
            assert edited_parts(world.project) == before, "A failed save changed the project."
            raise
