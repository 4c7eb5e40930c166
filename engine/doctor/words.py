"""The verdict in words: whole sentences for people, with sizes, doubts and the lectures' terms."""

from __future__ import annotations

from engine.doctor.diagnosis import LARGE, Diagnosis, Gap
from engine.doctor.errors import ErrorRate
from engine.targets import Targets
from engine.words import percent

SET_TITLES = {
    "human": "human-level",
    "train": "training",
    "train_dev": "train-dev",
    "dev": "dev",
    "test": "test",
}

VERDICTS = {
    "bias": "High bias: the network does not fit even its training set well.",
    "variance": "High variance: the network fits its training set much better than new examples.",
    "both": "High bias and high variance: it fits the training set badly, and new examples worse.",
    "neither": "Neither high bias nor high variance: no gap is above {limit}.",
    "unclear": "Too few examples for a diagnosis.",
}

HIGH = ("bias", "variance")
"""Of these a verdict says that they are high; of the others, that they are there."""

MEANINGS = {
    "avoidable_bias": "training error above human-level error",
    "variance": "error on new examples of the same kind above training error",
    "data_mismatch": (
        "dev error above train-dev error: the dev set differs in kind from the training set"
    ),
    "dev_overfitting": "test error above dev error: choices were tuned to the dev set",
}


def verdict_text(diagnosis: Diagnosis) -> str:
    """The verdict in one sentence."""
    verdict = diagnosis.verdict
    if verdict in VERDICTS:
        return VERDICTS[verdict].format(limit=points(diagnosis.limit))
    for name in HIGH:
        verdict = verdict.replace(name, f"high {name}")
    return f"{verdict[0].upper()}{verdict[1:]}."


def sentences(diagnosis: Diagnosis) -> list[str]:
    """The verdict, then a sentence for every gap that has something to add to it."""
    found = [verdict_text(diagnosis)]
    for gap in diagnosis.gaps:
        if gap.state == "unclear":
            found.append(_doubt(gap))
        elif gap.state == "minor":
            found.append(
                f"{gap.title} of {points(gap.size)} is there too, but comes second: "
                "work on the larger one first."
            )
        elif gap.state == "large" and gap.name not in ("avoidable_bias", "variance"):
            found.append(f"{gap.title} of {points(gap.size)}: {MEANINGS[gap.name]}.")
    return found + _remarks(diagnosis)


def _remarks(diagnosis: Diagnosis) -> list[str]:
    """What the figures mean."""
    errors, found = diagnosis.errors, []
    if errors.human is None:
        found.append("The human-level error is unknown; the doctor takes it as 0 %.")
    elif diagnosis.bias.size < 0:
        found.append("The training error is below the human-level error that was entered.")
    if errors.baseline is not None:
        found.append(baseline_text(1 - errors.baseline))
    note = Targets.of(errors.task).error_note
    if note:
        found.append(note)
    return found


def baseline_text(accuracy: float) -> str:
    """What accuracy must be compared with where one class is much larger than the others."""
    return (
        f"Always answering the largest class would be right for {percent(accuracy)} of the dev set."
    )


def rate_text(rate: ErrorRate) -> str:
    """An error with its interval: "11.0 % (9.2 to 13.1 %)"."""
    low, high = rate.interval
    return f"{percent(rate.value)} ({100 * low:.1f} to {percent(high)})"


def gap_text(gap: Gap) -> str:
    """A gap with its interval: "10.0 points (8.1 to 12.1)"."""
    return f"{points(gap.size)} ({100 * gap.interval.low:.1f} to {100 * gap.interval.high:.1f})"


def points(size: float) -> str:
    """The difference of two shares: "10.0 points", "1 point"."""
    return "1 point" if round(100 * size, 9) == 1 else f"{100 * size:.1f} points"


def _doubt(gap: Gap) -> str:
    name = gap.title[0].lower() + gap.title[1:]
    count = "1 example" if gap.examples == 1 else f"{gap.examples:,} examples"
    given = f"With {count} in the {SET_TITLES[gap.scarce]} set, the doctor cannot tell whether "
    between = f"{100 * gap.interval.low:.1f} and {points(gap.interval.high)}"
    doubt = f"{given}the {name} is high: it lies between {between}."
    if 1 / gap.examples > LARGE:
        doubt += f" A single example moves the error by {points(1 / gap.examples)}."
    return doubt
