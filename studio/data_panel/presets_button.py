"""PresetsButton: the lectures' divisions in a menu, the one that suits the number of examples
first among them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from engine.data import PRESETS, DataPlan, Preset, Proposal, propose
from studio.look.plain_text import plain_tip
from studio.widgets.wrapping_button import WrappingButton

LEAST_EXAMPLES = 2


class PresetsButton(WrappingButton):
    """chosen(preset): somebody wants this division."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.choices = QMenu(self)
        self.choices.setToolTipsVisible(True)
        self.setMenu(self.choices)
        self.proposal: Proposal | None = None

    def show_plan(self, plan: DataPlan, examples: int) -> None:
        """Mark the division of this plan, and the one that is proposed for this many examples."""
        self.proposal = propose(examples) if examples >= LEAST_EXAMPLES else None
        self.choices.clear()
        for preset in PRESETS:
            action = self.choices.addAction(self._title_of(preset))
            action.setCheckable(True)
            action.setChecked(_same(plan, preset))
            if self._is_proposed(preset) and self.proposal is not None:
                action.setToolTip(plain_tip(self.proposal.reason))
            action.triggered.connect(partial(self._choose, preset))
        name = next((preset.name for preset in PRESETS if _same(plan, preset)), "")
        self.show_words(self.tr("Preset: %s") % name if name else self.tr("Presets"))
        self.setToolTip(plain_tip(self.proposal.reason if self.proposal else ""))

    def _title_of(self, preset: Preset) -> str:
        proposed = self._is_proposed(preset)
        words = self.tr("{name} (proposed for these data)") if proposed else "{name}"
        return words.format(name=preset.name)

    def _is_proposed(self, preset: Preset) -> bool:
        return self.proposal is not None and self.proposal.preset == preset

    def _choose(self, preset: Preset, _checked: bool = False) -> None:
        self.chosen.emit(preset)


def _same(plan: DataPlan, preset: Preset) -> bool:
    pairs = zip((plan.train, plan.dev, plan.test), preset, strict=True)
    return all(abs(mine - its) < 1e-9 for mine, its in pairs)
