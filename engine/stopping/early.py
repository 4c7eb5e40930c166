"""Early stopping: the run ends when the dev set no longer improves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from engine.spec import setting
from engine.stopping.base import StopRule


class EarlyStopping(StopRule):
    """Stop when the dev set has not improved for `patience` epochs, and go back to the best.

    An evaluation is an improvement if it beats the best one by more than min_change. It couples two
    tasks, minimizing J and not overfitting, as the lectures warn.
    Source: Prechelt (1998); course 2, week 1. Keras' EarlyStopping has the same meaning of
    patience and min_delta, but does not restore unless asked.
    """

    kind = "early"
    title = "Early stopping"
    metric: Literal["dev_cost", "dev_score", "train_cost"] = setting(
        "dev_cost",
        title="Metric",
        help=("Quantity to watch: a cost should fall, a score should rise."),
    )
    output: str | None = setting(
        None,
        title="Output",
        help="Which of several outputs is watched; empty takes the cost of all, or the score of "
        "the first.",
    )
    patience: int = setting(
        10,
        title="Patience",
        help="Epochs without improvement before the run stops.",
        unit="epochs",
        ge=1,
        le=1_000_000,
    )
    min_change: float = setting(
        0.0,
        title="Minimum change",
        help=("Smallest change that counts as an improvement."),
        ge=0,
        le=1e6,
    )
    restores_best: bool = setting(
        True, title="Restore best", help="Restore the weights of the best evaluation."
    )

    @property
    def watches(self) -> bool:
        return True

    @property
    def watched_output(self) -> str | None:
        return self.output

    def with_renamed_output(self, old: str, new: str) -> Self:
        return self.replace(output=new) if self.output == old else self

    @property
    def needs_train_set(self) -> bool:
        return self.metric.startswith("train")

    def improves(self, new: Mapping[str, float], best: Mapping[str, float]) -> bool:
        gain = self._figure(best) - self._figure(new)
        if self.metric.endswith("score"):
            gain = -gain
        return gain > self.min_change

    def _figure(self, values: Mapping[str, float]) -> float:
        """A network with one output has no figures by its name."""
        return values.get(f"{self.output}.{self.metric}", values[self.metric])

    def ends(self, new: Mapping[str, float], best: Mapping[str, float]) -> bool:
        return new["epoch"] - best["epoch"] >= self.patience
