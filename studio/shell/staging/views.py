"""ViewOnStage: a panel or a window, as a script handles it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.probes.measures import near_names
from studio.shell.staging.stage_error import StageError
from studio.widgets.option import options_of


class ViewOnStage:
    """id: its stable name. widget: the view itself, for what a script cannot say otherwise."""

    def __init__(
        self, id: str, widget: QWidget, bring: Callable[[], None], settle: Callable[[], None]
    ) -> None:
        self.id, self.widget = id, widget
        self._bring, self._settle = bring, settle

    def show(self) -> None:
        """Bring it to the front."""
        self._bring()
        self._settle()

    def set(self, option: str, value: Any) -> None:
        """Set one of its options as a person would; a list sets several controls of one name.

        Raises StageError for an unknown option or value.
        """
        known = options_of(self.widget)
        if option not in known:
            hint = near_names(option, list(known)) or f" It has: {', '.join(known) or 'none'}."
            raise StageError(f"“{self.id}” has no option “{option}”.{hint}")
        refusal = known[option].set(value)
        if refusal:
            raise StageError(f"“{self.id}”: {refusal}")
        self._settle()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data."""
        self._settle()
        shown = getattr(self.widget, "shown", None)
        if shown is None:
            raise StageError(f"“{self.id}” does not say what it shows.")
        return dict(shown())
