"""A stop rule in one file."""

from __future__ import annotations

from collections.abc import Mapping

from engine.spec import setting
from engine.stopping.base import StopRule


class AfterAWhile(StopRule):
    """Stop after some epochs that brought no lower dev cost. Source: a test."""

    epochs: int = setting(3, title="Epochs", help="So many without a lower dev cost.", ge=1, le=99)

    @property
    def watches(self) -> bool:
        return True

    def improves(self, new: Mapping[str, float], best: Mapping[str, float]) -> bool:
        return new["dev_cost"] < best["dev_cost"]

    def ends(self, new: Mapping[str, float], best: Mapping[str, float]) -> bool:
        return new["epoch"] - best["epoch"] >= self.epochs
