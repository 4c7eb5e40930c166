"""What a plane tells in words: about one place, and about the whole."""

from __future__ import annotations

from engine.probes.boundary import PlaneFacts, PlanePicture, PlaneQuestion
from engine.probes.plane import COMPONENT, PlaneAxis
from engine.words import number
from studio.look.translate import translator
from studio.plane.key import Key
from studio.plane.stamps import signs_of

tr = translator("PlaneWords")


def key_of(picture: PlanePicture, question: PlaneQuestion) -> Key:
    """What the colors of a picture mean."""
    facts, signs = picture.facts, tuple(signs_of(picture.facts.classes))
    if picture.unit is not None or not facts.targets.has_classes:
        return Key(picture.scale)
    if picture.scale is None:
        return Key(None, facts.classes, signs)
    if facts.targets.separate:
        label = facts.classes[min(question.output, facts.outputs - 1)]
        return Key(picture.scale, facts.classes, ("−", "+"), (tr("not ") + label, label))
    low, high = facts.classes
    return Key(picture.scale, facts.classes, signs, (low, high))


def place_in_words(picture: PlanePicture, place: tuple[float, float], output: int) -> str:
    """A place and what the network says there: "x1 = 0.4, x2 = −1.2: ŷ = 0.93, class “1” (+)."."""
    plane, facts = picture.plane, picture.facts
    cell = plane.cell_at(*place)
    names = [axis_name(axis, facts) for axis in (plane.choice.across, plane.choice.up)]
    spot = ", ".join(f"{n} = {number(v)}" for n, v in zip(names, place, strict=True))
    if cell is None:
        return spot
    return f"{spot}: {_said(picture, cell, output)}"


def axis_name(axis: PlaneAxis, facts: PlaneFacts) -> str:
    """A short name: "x1", "PC 1"."""
    return f"PC {axis.number + 1}" if axis.kind == COMPONENT else facts.features[axis.number]


def _said(picture: PlanePicture, cell: tuple[int, int], output: int) -> str:
    facts, value = picture.facts, picture.values[(..., *cell)]
    if picture.unit is not None:
        unit = picture.unit
        told = tr("unit {} of “{}” is {}.")
        return told.format(unit.number + 1, unit.node, number(float(value)))
    if not facts.targets.has_classes:
        return tr("ŷ = {}.").format(number(float(value)))
    if picture.scale is None:
        best = int(value.argmax())
        told = tr("class “{}”, probability {:.2f}.")
        return told.format(facts.classes[best], float(value[best]))
    if facts.targets.separate:
        label = facts.classes[min(output, facts.outputs - 1)]
        verdict = tr("“{}”") if value >= 0.5 else tr("not “{}”")
        return tr("ŷ = {:.2f}, {}.").format(float(value), verdict.format(label))
    best = int(value >= 0.5)
    sign = signs_of(facts.classes)[best]
    return tr("ŷ = {:.2f}, class “{}” ({}).").format(float(value), facts.classes[best], sign)


def resolution(picture: PlanePicture) -> str:
    """How finely the plane is divided."""
    columns, rows = picture.plane.cells
    return tr("{} × {} cells.").format(columns, rows)


def summary(picture: PlanePicture) -> str:
    """What the whole picture tells, where nobody points at a place; "" where it is nothing."""
    if picture.unit is not None:
        unit = picture.unit
        text = tr("Unit {} of “{}”; the line marks where it is 0.")
        return text.format(unit.number + 1, unit.node)
    counts = [
        tr("{} of {} {}").format(int(p.wrong.sum()), len(p.wrong), p.name)
        for p in picture.points
        if p.classes is not None
    ]
    return tr("Wrong (×): {}.").format(", ".join(counts)) if counts else ""


def notice(picture: PlanePicture) -> str:
    """What must be known to read the picture right; empty where it tells all."""
    told = []
    plane, facts = picture.plane, picture.facts
    if not plane.is_whole:
        rest = plane.choice.rest
        where = tr("the mean") if rest is None else tr("training example {}").format(rest + 1)
        other = tr("all else") if plane.choice.across.kind == COMPONENT else tr("the others")
        told.append(
            tr("A slice through {} features, with {} at {}; the examples do not lie on it.").format(
                len(facts.features), other, where
            )
        )
    samples = [
        tr("{:,} of {:,} {}").format(len(p.wrong), p.total, p.name)
        for p in picture.points
        if len(p.wrong) < p.total
    ]
    if samples:
        told.append(tr("Showing {} examples.").format(", ".join(samples)))
    return " ".join(told)
