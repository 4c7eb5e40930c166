"""New members of the program's families, each in one file, dropped into the package it belongs to.

`added(folder)` copies the files of tests/one_file_each into folders that extend the packages, has
them found as the packages find their own files, and takes everything back afterwards. As a pytest
plugin (`-p tests.additions`) it adds them before tests are collected, and for good.
"""

import importlib
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from engine.discovery import discover

FILES = Path(__file__).parent / "one_file_each"
PACKAGES = {  # the file of each addition, and the package into which a person would put it
    "layer": "engine.layers",
    "loss": "engine.losses",
    "task": "engine.losses",
    "optimizer": "engine.optimizers",
    "initializer": "engine.initializers",
    "schedule": "engine.schedules",
    "activation": "engine.activations",
    "stop_rule": "engine.stopping",
    "source": "engine.data.sources",
    "metric": "engine.metrics",
}


def add(folder):
    """Extend every package by a folder with its new files, and have these found."""
    for name, package in PACKAGES.items():
        place = Path(folder) / package
        place.mkdir(exist_ok=True)
        shutil.copy(FILES / f"{name}.py", place / f"added_{name}.py")
        module = importlib.import_module(package)
        if str(place) not in module.__path__:
            module.__path__.append(str(place))
    importlib.invalidate_caches()
    for package in dict.fromkeys(PACKAGES.values()):
        discover(sys.modules[package].__path__, package)


@contextmanager
def added(folder):
    """The same, until the end of the block."""
    registries = [root.registry for root in _families()]
    before = [dict(registry) for registry in registries]
    metrics = sys.modules["engine.metrics"].METRICS
    metrics_before = dict(metrics)
    try:
        add(folder)
        yield
    finally:
        for registry, content in zip(registries, before, strict=True):
            registry.clear()
            registry.update(content)
        metrics.clear()
        metrics.update(metrics_before)
        _forget()


def _families():
    import engine  # noqa: F401  fills the registries
    from engine.spec import Family

    return [root for root in Family.__subclasses__() if root.__module__.startswith("engine.")]


def _forget():
    for name, package in PACKAGES.items():
        module = sys.modules[package]
        module.__path__[:] = [place for place in module.__path__ if Path(place).name != package]
        sys.modules.pop(f"{package}.added_{name}", None)
        if hasattr(module, f"added_{name}"):
            delattr(module, f"added_{name}")
    importlib.invalidate_caches()


def pytest_configure():
    """As a plugin."""
    add(tempfile.mkdtemp(prefix="additions-"))
