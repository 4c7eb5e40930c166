"""Where the bundled files are: icons, example designs, data, lessons.

A source checkout has them in `resources/` next to the package. A wheel has the same folder inside
the package, as `engine/_resources`, where no other distribution can overwrite it.
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import FileError

_PACKAGE = Path(__file__).resolve().parent
# The wheel's folder comes first: next to an installed package, "resources" may be somebody else's.
HOMES = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def path(*parts: str) -> Path:
    """The bundled file or folder, such as `path("data", "mnist-10k.npz")`.

    Raises FileError if it is missing.
    """
    for home in HOMES:
        found = home.joinpath(*parts)
        if found.exists():
            return found
    raise FileError(
        f"The bundled file '{'/'.join(parts)}' is missing;"
        f" looked in {' and '.join(str(home) for home in HOMES)}.",
        hint="Install Backprop Studio again, or restore the folder 'resources'.",
    )
