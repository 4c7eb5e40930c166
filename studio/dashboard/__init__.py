"""Dashboard: live views of the run, one panel per file or room, refreshed by one timer.

To add a panel, put a file (or a package that exports it) here, with a subclass of Panel that
declares its id, tab, column and order. It is found automatically.
"""

import importlib
import pkgutil

from studio.dashboard.dashboard import Dashboard
from studio.dashboard.panels import Panels
from studio.panels.panel import Panel, Surroundings

__all__ = ["Dashboard", "Panel", "Panels", "Surroundings", "panel_classes"]


def panel_classes() -> list[type[Panel]]:
    """All panels of this room, column by column, the one in front first."""
    files = [f"{__name__}.{file.name}" for file in pkgutil.iter_modules(__path__)]
    exported = (each for file in files for each in vars(importlib.import_module(file)).values())
    found = {each for each in exported if _is_panel(each)}
    ids = sorted(panel.id for panel in found)
    twice = {each for each in ids if ids.count(each) > 1}
    assert not twice, f"Two panels have the same id: {', '.join(twice)}."
    return sorted(found, key=lambda panel: (panel.column, panel.order, panel.id))


def _is_panel(each: object) -> bool:
    """Whether it is a class with an id of its own; the bases of panels have none."""
    return isinstance(each, type) and issubclass(each, Panel) and bool(each.__dict__.get("id"))
