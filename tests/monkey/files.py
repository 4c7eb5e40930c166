"""Files: all that a person could open: examples, older versions, tables, pictures, broken files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import engine
from engine import resources
from engine.data import DataPlan
from engine.files import save_project
from engine.project import Project

ROWS, PICTURES, SIDE = 40, 6, 8
OLDER = Path(__file__).parents[1] / "files"


class Files:
    """Every file by a name that stays the same from run to run, such as "small.netdesign".

    folder: where they all lie, copies of what comes with the program too: Save writes over them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in (*resources.path("examples").glob("*.netdesign"), *older_and_hostile()):
            (folder / path.name).write_bytes(path.read_bytes())
        for name, make in MADE.items():
            make(folder / name)

    def path(self, name: str) -> Path:
        """Where the file of this name is, or would be saved."""
        return self.folder / name

    def names(self, *endings: str) -> list[str]:
        """All files with these endings that exist now."""
        return sorted(path.name for path in self.folder.iterdir() if path.suffix in endings)


def older_and_hostile() -> list[Path]:
    """The files of other versions, and those that were made to do harm."""
    return sorted(path for path in OLDER.rglob("*") if path.is_file())


def small() -> Project:
    """2-6-4-1 with batch norm in one layer and dropout in the other, on 120 points of a plane."""
    layers = [
        engine.Input(),
        engine.Dense(units=6, batch_norm=True),
        engine.Dense(units=4, keep_prob=0.7),
        engine.Output(task="binary"),
    ]
    plan = DataPlan(source={"kind": "circles", "points": 120}, train=0.6, dev=0.2, test=0.2)
    training = engine.TrainingSettings(batch_size=24, epochs=20)
    return Project(engine.Design.sequential(layers, ["x", "h1", "h2", "y"]), training, plan)


def pictures() -> Project:
    """64-12-10 on small digits."""
    layers = [engine.Input(), engine.Dense(units=12), engine.Output(task="multi_class")]
    plan = DataPlan(source="digits-8x8", train=0.3, dev=0.1, test=0.6)
    training = engine.TrainingSettings(batch_size=64, epochs=5)
    return Project(engine.Design.sequential(layers, ["x", "h1", "y"]), training, plan)


def _make_table(path: Path) -> None:
    chance = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'big' if a > b else 'small'}" for a, b in chance.random((ROWS, 2))]
    path.write_text("\n".join(["width,height,kind", *rows]), encoding="utf-8")


def _make_bad_table(path: Path) -> None:
    path.write_text("a,b\n1,x\n2\n,,,,\nNaN,y\n1e999,x\n", encoding="utf-8")


def _make_pictures(folder: Path) -> None:
    chance = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(PICTURES):
            pixels = chance.integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")


def _make_broken(path: Path) -> None:
    path.write_text('{"format": "backprop-studio", "version": 2, "design":', encoding="utf-8")


MADE: dict[str, Callable[[Path], object]] = {
    "small.netdesign": lambda path: save_project(small(), path),
    "pictures.netdesign": lambda path: save_project(pictures(), path),
    "empty.netdesign": lambda path: save_project(Project(), path),
    "broken.netdesign": _make_broken,
    "broken.safetensors": lambda path: path.write_bytes(b"\x08\0\0\0\0\0\0\0{}      "),
    "table.csv": _make_table,
    "bad table.csv": _make_bad_table,
    "animals": _make_pictures,
}
"""Files that are made in the folder, by name."""
