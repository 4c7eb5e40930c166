"""The lectures' ways to divide examples into train, dev and test sets, and which one suits m.

Source: A. Ng, Deep Learning Specialization, course 2, week 1, "Train / dev / test sets": 70/30 or
60/20/20 for a hundred to some ten thousand examples; 98/1/1 for a million, because 10,000 examples
tell two models apart; 99.5/0.25/0.25 beyond. Where the lecture leaves a gap, the bounds are ours.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.errors import DataError

FEW = 100
"""With fewer examples in all, a test set of a fifth of them says next to nothing."""
MANY = 100_000
"""From here on, one percent is 1,000 examples or more."""
VERY_MANY = 1_000_000


class Preset(NamedTuple):
    """Fractions that sum to 1. A test fraction of 0 leaves the test set out."""

    train: float
    dev: float
    test: float

    @property
    def name(self) -> str:
        """As people write it: "60/20/20", "70/30", "99.5/0.25/0.25"."""
        parts = [share for share in self if share > 0]
        return "/".join(f"{100 * share:.4g}" for share in parts)


class Proposal(NamedTuple):
    """preset: for a number of examples. reason: a sentence that says why."""

    preset: Preset
    reason: str


CLASSIC = Preset(0.6, 0.2, 0.2)
NO_TEST = Preset(0.7, 0.3, 0.0)
PRESETS = (
    CLASSIC,
    NO_TEST,
    Preset(0.8, 0.2, 0.0),
    Preset(0.98, 0.01, 0.01),
    Preset(0.995, 0.0025, 0.0025),
)


def propose(m: int) -> Proposal:
    """The preset for m examples in all. Raises DataError unless m is at least 2."""
    if m < 2:
        raise DataError(f"A split needs at least 2 examples; got {m}.")
    if m < FEW:
        return Proposal(
            NO_TEST,
            f"With only {m} examples, a test set would say little; compare models by k-fold"
            " cross-validation.",
        )
    if m < MANY:
        return Proposal(
            CLASSIC, f"With {m:,} examples, a fifth of them is needed for dev and test."
        )
    preset = PRESETS[3] if m <= VERY_MANY else PRESETS[4]
    held = round(m * preset.dev)
    reason = f"Of {m:,} examples, {held:,} are enough to tell two models apart; train on the rest."
    return Proposal(preset, reason)
