"""discover(package): imports every file of a package, so that what it defines registers itself.

A family's package calls it in its `__init__`. A class in a new file of that package is then
registered without being named in any other file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable


def discover(path: Iterable[str], name: str) -> None:
    """Import every module of a package. path, name: the package's `__path__` and `__name__`."""
    for found in pkgutil.iter_modules(path):
        importlib.import_module(f"{name}.{found.name}")
