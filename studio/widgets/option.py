"""Options: controls of a view that scripts and lessons set by name.

    name_option("axes", self.first, self.second)
    options_of(view)["axes"].set(["x1", "x2"])
    options_of(view)["axes"].choices                        # what it takes now

Setting one is what a person does: the control's own signals tell the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QTabBar,
    QWidget,
)

OPTION = "option"
"""The property that names a control."""


@runtime_checkable
class TakesOption(Protocol):
    """A control of the program's own that a script can set."""

    def set_option(self, value: Any) -> str:
        """Set it as a person does. Returns why not, or an empty string."""
        ...

    def option_choices(self) -> Sequence[Any]:
        """Some values that it takes now."""
        ...


class Option:
    """The controls of one name, in order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.controls: list[QWidget] = []

    @property
    def choices(self) -> tuple[tuple[Any, ...], ...]:
        """Of each control, values that it takes now: all keys of a list, the ends and the middle of
        a range; none where it cannot be set now."""
        return tuple(_choices(control) for control in self.controls)

    def set(self, value: Any) -> str:
        """Set the one control, or each from a list. Returns why not, or an empty string."""
        alone = len(self.controls) == 1 or not isinstance(value, (list, tuple))
        values = [value] if alone else value
        if len(values) != len(self.controls):
            return f"“{self.name}” takes {len(self.controls)} values, got {len(values)}."
        refusals = [_set(*pair) for pair in zip(self.controls, values, strict=True)]
        return next((f"“{self.name}” {refusal}" for refusal in refusals if refusal), "")


def name_option(name: str, *controls: QWidget) -> None:
    """Give controls the name by which scripts set them."""
    for control in controls:
        control.setProperty(OPTION, name)


def options_of(view: QWidget) -> dict[str, Option]:
    """The options of a view by their names."""
    found: dict[str, Option] = {}
    for control in view.findChildren(QWidget):
        name = control.property(OPTION)
        if name:
            found.setdefault(name, Option(name)).controls.append(control)
    return found


def _set(control: QWidget, value: Any) -> str:
    if not control.isEnabled():
        return "cannot be set now."
    if isinstance(control, TakesOption):
        return control.set_option(value)
    if isinstance(control, QComboBox):
        return _choose(control, value)
    if isinstance(control, QAbstractButton):
        if control.isChecked() != bool(value):
            control.click()
        return ""
    if isinstance(control, QTabBar):
        return _turn_to(control, value)
    if isinstance(control, (QSpinBox, QDoubleSpinBox, QAbstractSlider)):
        return _count(control, value)
    if isinstance(control, QLineEdit):
        control.setText(str(value))
        control.editingFinished.emit()
        return ""
    return "cannot be set by a script."


def _choices(control: QWidget) -> tuple[Any, ...]:
    """What one control takes now."""
    if not control.isEnabled():
        return ()
    if isinstance(control, TakesOption):
        return tuple(control.option_choices())
    if isinstance(control, QComboBox):
        keys = (control.itemData(index) for index in range(control.count()))
        return tuple(
            control.itemText(index) if key is None else str(key) for index, key in enumerate(keys)
        )
    if isinstance(control, QAbstractButton):
        return (True, False) if control.isCheckable() else (True,)
    if isinstance(control, QTabBar):
        return tuple(str(control.tabData(index)) for index in range(control.count()))
    if isinstance(control, (QSpinBox, QDoubleSpinBox, QAbstractSlider)):
        low, high = control.minimum(), control.maximum()
        return tuple(dict.fromkeys((low, low + (high - low) // 2, high)))
    return (control.text(),) if isinstance(control, QLineEdit) else ()


def _choose(box: QComboBox, value: Any) -> str:
    texts = [box.itemText(index) for index in range(box.count())]
    keys = [str(box.itemData(index)) for index in range(box.count())]
    names: Sequence[str] = keys if str(value) in keys else texts
    if str(value) not in names:
        return f"must be one of {', '.join(texts)}. Got {value}."
    index = list(names).index(str(value))
    box.setCurrentIndex(index)
    box.activated.emit(index)
    return ""


def _turn_to(tabs: QTabBar, value: Any) -> str:
    texts = [tabs.tabText(index) for index in range(tabs.count())]
    keys = [str(tabs.tabData(index)) for index in range(tabs.count())]
    if str(value) not in keys:
        return f"must be one of {', '.join(texts)}. Got {value}."
    tabs.setCurrentIndex(keys.index(str(value)))
    return ""


def _count(box: QSpinBox | QDoubleSpinBox | QAbstractSlider, value: Any) -> str:
    low, high = box.minimum(), box.maximum()
    if not isinstance(value, (int, float)) or not low <= value <= high:
        return f"must lie between {low} and {high}. Got {value}."
    box.setValue(value)  # type: ignore[arg-type]
    return ""
