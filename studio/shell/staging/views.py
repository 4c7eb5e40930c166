"""ViewOnStage: a panel or a window, for a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from engine.probes.measures import near_names
from studio.shell.parts import WindowParts
from studio.shell.staging.stage_error import StageError
from studio.widgets.option import Option, options_of


class SaysWhatItShows(Protocol):
    """What the stage needs of a view."""

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data."""
        ...


class ViewOnStage:
    """id: its stable name. widget: the view itself, for everything else."""

    def __init__(
        self, id: str, widget: QWidget, bring: Callable[[], None], settle: Callable[[], None]
    ) -> None:
        self.id, self.widget = id, widget
        self._bring, self._settle = bring, settle

    def show(self) -> None:
        """Bring it to the front."""
        self._bring()
        self._settle()

    def options(self) -> dict[str, tuple[tuple[Any, ...], ...]]:
        """Its options by name, each with values that it accepts now; see `Option.choices`."""
        return {name: option.choices for name, option in self._options().items()}

    def set(self, option: str, value: Any) -> None:
        """Set one of its options as a person would; a list sets several controls of one name.

        Raises StageError for an unknown option or value.
        """
        known = self._options()
        if option not in known:
            hint = near_names(option, list(known)) or f" It has: {', '.join(known) or 'none'}."
            raise StageError(f"“{self.id}” has no option “{option}”.{hint}")
        refusal = known[option].set(value)
        if refusal:
            raise StageError(f"“{self.id}”: {refusal}")
        self._settle()

    def _options(self) -> dict[str, Option]:
        """Its options by name; those of a closed window cannot be set."""
        self._need_alive()
        window = self.widget.window()
        if isinstance(window, QDialog) and not window.isVisible():
            raise self._gone()
        return options_of(self.widget)

    def _need_alive(self) -> None:
        """A window for imports is gone with its import."""
        if not isValid(self.widget):
            raise self._gone()

    def _gone(self) -> StageError:
        return StageError(f"The window “{self.id}” is not open.")

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data."""
        self._need_alive()
        self._settle()
        shown = getattr(self.widget, "shown", None)
        if shown is None:
            raise StageError(f"“{self.id}” does not say what it shows.")
        return dict(shown())


class CanvasOnStage(ViewOnStage):
    """The canvas with the live views on it: its run is the one that they show."""

    def __init__(self, id: str, window: WindowParts, settle: Callable[[], None]) -> None:
        super().__init__(id, window.canvas, window.canvas.focus_canvas, settle)
        self._live: dict[str, SaysWhatItShows] = {
            "measures": window.live_measures,
            "pictures": window.neuron_pictures,
        }

    def shown(self) -> dict[str, Any]:
        """What was last painted; measures, pictures: what each live view shows."""
        canvas = super().shown()
        live = {name: view.shown() for name, view in self._live.items()}
        run = next((facts for facts in live.values() if not facts["empty"]), canvas)
        return {**canvas, **{key: run[key] for key in ("run", "iteration", "epoch")}, **live}
