"""save and load, for every kind of file that we write."""

from __future__ import annotations

from pathlib import Path

from engine.design import Design
from engine.errors import FileError
from engine.files.disk import check_writable
from engine.files.endings import DESIGN_ENDINGS, DESIGN_SUFFIX, MODEL_SUFFIX, check_ending
from engine.files.model import TrainedModel, load_model, save_model
from engine.files.netdesign import load_project, save_project
from engine.project import Project


def save(thing: Project | Design | TrainedModel, path: str | Path) -> None:
    """Write a project, a bare design (with default settings) or a trained model.

    A model's name must end in .safetensors, any other in .netdesign or .json.
    Raises FileError; a file that was there before is then as it was.
    """
    if isinstance(thing, TrainedModel):
        save_model(thing, path)
    else:
        save_project(Project(design=thing) if isinstance(thing, Design) else thing, path)


def check_model_target(path: str | Path) -> None:
    """Raises FileError where a trained model cannot be saved: before training, not after it."""
    check_ending(path, (MODEL_SUFFIX,))
    check_writable(path)


def load(path: str | Path) -> Project | TrainedModel:
    """Read a .netdesign file (a Project) or a .safetensors file (a TrainedModel).

    Raises FileError that says what is wrong with the file, and where.
    """
    suffix = Path(path).suffix.lower()
    if suffix == MODEL_SUFFIX:
        return load_model(path)
    if suffix in DESIGN_ENDINGS:
        return load_project(path)
    raise FileError(
        f"'{Path(path).name}' is neither a design ({DESIGN_SUFFIX}) nor a model ({MODEL_SUFFIX}).",
        hint="Choose a file with one of these endings.",
    )
