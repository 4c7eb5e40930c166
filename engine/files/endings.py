"""How the names of our files end, so that what is saved can be opened again."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import FileError
from engine.files.disk import checked_name

DESIGN_SUFFIX = ".netdesign"
MODEL_SUFFIX = ".safetensors"
DESIGN_ENDINGS = (DESIGN_SUFFIX, ".json")
_ALL = (*DESIGN_ENDINGS, MODEL_SUFFIX)


def check_ending(path: str | Path, endings: tuple[str, ...]) -> None:
    """Raises FileError unless the name ends so, and names no file of another kind by a link."""
    name, real = checked_name(path).name, Path(os.path.realpath(path))
    wanted = " or ".join(endings)
    if Path(path).suffix.lower() not in endings:
        what = "a trained model" if MODEL_SUFFIX in endings else "a design"
        hint = f"For example '{Path(path).stem}{endings[0]}'."
        raise FileError(f"The name of {what} must end in {wanted}; got '{name}'.", hint=hint)
    if real.suffix.lower() in _ALL and real.suffix.lower() not in endings:
        raise FileError(
            f"'{name}' is a link to '{real.name}', which saving would destroy.",
            hint="Choose another name.",
        )
