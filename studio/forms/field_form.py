"""FieldForm: what the editor of a family asks of the form that it shows below itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.spec import Spec


class FieldForm(QWidget):
    """Fields in rows; `Form` makes them. insets: how much narrower it is, left and right, than the
    form that it is a part of, in pixels."""

    rebuilt = Signal()
    """The order of the fields below changed; whoever holds this form orders its own tab stops."""

    def __init__(self) -> None:
        super().__init__()
        self.insets = (0, 0)

    def show_specs(
        self,
        specs: Sequence[Spec],
        fallbacks: Mapping[str, tuple[Any, str]] | None = None,
        problems: Mapping[str, str] | None = None,
        offered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Show the fields of these specs; only rows that changed are touched.

        fallbacks: what applies where a field is empty, field -> (value, origin).
        problems: what is wrong with a field, field -> sentence. offered: values to choose from that
        only the present project knows, field -> values.
        """
        raise NotImplementedError

    def tab_stops(self) -> list[QWidget]:
        """Everything that takes the focus, in reading order."""
        raise NotImplementedError

    def forget_drafts(self) -> None:
        """Drop what was typed but not accepted: other specs are about to be shown."""
        raise NotImplementedError
