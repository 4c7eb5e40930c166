"""explain(walk, key, index): one number of a step, in lecture notation, with its numbers."""

from __future__ import annotations

from engine.errors import DataError
from engine.walkthrough.backward import derivative_lines, gradient_lines
from engine.walkthrough.forward import forward_lines, lines_in_units, prediction_lines
from engine.walkthrough.notation import Index
from engine.walkthrough.place import Place
from engine.walkthrough.quantity import Role
from engine.walkthrough.update import update_lines
from engine.walkthrough.walk import Walk
from engine.words import number


def explain(walk: Walk, key: str, index: Index) -> list[str]:
    """Lines of small HTML: the formula, the formula with numbers, and the result; below it, what a
    scaled number means in the units of the data.

    key: of a quantity of the walk. index: of one number in its array. Raises DataError where
    there is no such number.
    """
    quantity = walk.quantities.get(key)
    if quantity is None or not _is_inside(index, quantity.array.shape):
        raise DataError(f"There is no number at {index} of '{key}' in this step.")
    place = Place(walk, quantity, index)
    lines = [*_lines(place), f"= <b>{number(place.value)}</b>"]
    if quantity.role in (Role.PREDICTION, Role.TARGET):
        lines += lines_in_units(place)
    return lines


def _lines(place: Place) -> list[str]:
    role = place.quantity.role
    if role in (Role.INPUT, Role.VALUE):
        return forward_lines(place)
    if role is Role.PREDICTION:
        return prediction_lines(place)
    if role is Role.DERIVATIVE:
        return derivative_lines(place)
    if role is Role.GRADIENT:
        return gradient_lines(place)
    if role in (Role.SLOT, Role.CORRECTED, Role.UPDATED):
        return [place.name, *update_lines(place)]
    if role is Role.TARGET:
        return [f"{place.name}: what example {place.index[-1] + 1} should give"]
    return [f"{place.name} before this step"]


def _is_inside(index: Index, shape: tuple[int, ...]) -> bool:
    return len(index) == len(shape) and all(
        0 <= i < size for i, size in zip(index, shape, strict=True)
    )
