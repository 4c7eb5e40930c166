"""How an optimizer makes a step from a gradient, with the numbers filled in.

Every line that ends in numbers is arithmetic that comes out as the engine computed it: the gradient
is the one after clipping, the state before is the state that was kept, and the parameter starts
where weight decay left it.
"""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from engine.optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSprop
from engine.walkthrough.notation import factor
from engine.walkthrough.place import Place
from engine.walkthrough.quantity import Role
from engine.words import number


@singledispatch
def slot_lines(optimizer: Optimizer, slot: str, place: Place) -> list[str]:
    """How the state `slot` came to its value in this step."""
    return [f"{slot} after this update, kept by {optimizer.title}"]


@slot_lines.register
def _(optimizer: Momentum, slot: str, place: Place) -> list[str]:
    share = 1 - optimizer.beta if optimizer.form == "average" else 1.0
    return _average(place, "v", optimizer.beta, share, squared=False)


@slot_lines.register
def _(optimizer: RMSprop, slot: str, place: Place) -> list[str]:
    return _average(place, "s", optimizer.beta, 1 - optimizer.beta, squared=True)


@slot_lines.register
def _(optimizer: Adam, slot: str, place: Place) -> list[str]:
    beta = optimizer.beta1 if slot == "v" else optimizer.beta2
    return _average(place, slot, beta, 1 - beta, squared=slot == "s")


@singledispatch
def step_lines(optimizer: Optimizer, start: float, place: Place) -> list[str]:
    """How the parameter came to its new value; start: where weight decay left it."""
    return []


@step_lines.register
def _(optimizer: GradientDescent, start: float, place: Place) -> list[str]:
    return [
        "θ := θ − α dθ",
        f"= {number(start)} − {_alpha(place)} · {factor(_gradient(place))}",
    ]


@step_lines.register
def _(optimizer: Momentum, start: float, place: Place) -> list[str]:
    v, t = _slot(place, "v"), _updates(place)
    if not optimizer.nesterov:
        corrected = _corrected_name(place, "v")
        return [f"θ := θ − α {corrected}", f"= {number(start)} − {_alpha(place)} · {factor(v)}"]
    share = 1 - optimizer.beta if optimizer.form == "average" else 1.0
    weight, numbers = ("(1 − β) ", f"{number(share)} · ") if share != 1 else ("", "")
    ahead = (
        f"({number(optimizer.beta)} · {factor(_raw_slot(place, 'v'))} + "
        f"{numbers}{factor(_gradient(place))})"
    )
    formula = f"θ := θ − α (β v + {weight}dθ)"
    if not optimizer.bias_correction:
        return [
            f"{formula}, one step ahead along v",
            f"= {number(start)} − {_alpha(place)} · {ahead}",
        ]
    rest = 1 - optimizer.beta ** (t + 1)
    return [
        f"{formula} / (1 − β<sup>t+1</sup>), one step ahead along v, with t = {t}",
        f"= {number(start)} − {_alpha(place)} · {ahead} / {number(rest)}",
    ]


@step_lines.register
def _(optimizer: RMSprop, start: float, place: Place) -> list[str]:
    root = _root(_slot(place, "s"), optimizer.epsilon, optimizer.epsilon_inside)
    return [
        f"θ := θ − α dθ / {'√(s + ε)' if optimizer.epsilon_inside else '(√s + ε)'}",
        f"= {number(start)} − {_alpha(place)} · {factor(_gradient(place))} / {root}",
    ]


@step_lines.register
def _(optimizer: Adam, start: float, place: Place) -> list[str]:
    root = _root(_slot(place, "s"), optimizer.epsilon, optimizer.epsilon_inside)
    below = "√(s_corrected + ε)" if optimizer.epsilon_inside else "(√s_corrected + ε)"
    return [
        f"θ := θ − α v_corrected / {below}",
        f"= {number(start)} − {_alpha(place)} · {factor(_slot(place, 'v'))} / {root}",
    ]


def update_lines(place: Place) -> list[str]:
    """Any number of the update: slot, corrected slot, or new parameter."""
    optimizer = place.walk.updater.optimizers[place.quantity.node]
    slot = place.quantity.key.rpartition("/")[2]
    if place.quantity.role is Role.SLOT:
        return [*_clip_lines(place), *slot_lines(optimizer, slot, place)]
    if place.quantity.role is Role.CORRECTED:
        return _correction_lines(optimizer, slot, place)
    start, lines = _decay_lines(optimizer, place)
    return [*_clip_lines(place), *lines, *step_lines(optimizer, start, place), *_limit_lines(place)]


def _correction_lines(optimizer: Optimizer, slot: str, place: Place) -> list[str]:
    t = _updates(place)
    growth = optimizer.corrected(slot, np.ones(1), t)
    assert growth is not None  # the quantity is there because the optimizer corrects this slot
    return [
        f"= {slot} / (1 − β<sup>t</sup>) with t = {t}",
        f"= {factor(_raw_slot(place, slot))} / {number(1 / float(growth[0]))}",
    ]


def _clip_lines(place: Place) -> list[str]:
    """How clipping changed this component of the gradient, by value first and then by norm."""
    settings, raw = place.walk.network.settings, _raw_gradient(place)
    lines, value = [], raw
    if settings.clip_value is not None and abs(value) > settings.clip_value:
        value = float(np.clip(value, -settings.clip_value, settings.clip_value))
        lines.append(f"dθ = {number(raw)} is clipped by value to {number(value)}")
    norm, longest = place.walk.gradient_norm, settings.clip_norm
    if longest is not None and norm > longest:
        lines += [
            "dθ := dθ · limit / ‖gradient‖, clipped by norm",
            f"= {factor(value)} · {number(longest)} / {number(norm)} = {number(_gradient(place))}",
        ]
    return lines


def _decay_lines(optimizer: Optimizer, place: Place) -> tuple[float, list[str]]:
    """Where the step starts, and how weight decay led there."""
    before = float(place.parameter(place.quantity.parameter)[place.index])
    share = optimizer.weight_decay
    if not share or not place.walk.block(_name(place)).is_weight:
        return before, []
    start = (1 - place.walk.learning_rates[place.quantity.node] * share) * before
    return start, [
        "θ := (1 − α · weight decay) θ",
        f"= (1 − {_alpha(place)} · {number(share)}) · {factor(before)} = {number(start)}",
    ]


def _limit_lines(place: Place) -> list[str]:
    """How max-norm scaled the row of this weight, where it did."""
    found = place.walk.limited.get(_name(place))
    if found is None:
        return []
    limit, unlimited = found
    norm, value = float(np.linalg.norm(unlimited[place.index[0]])), float(unlimited[place.index])
    if norm <= limit:
        return []
    return [
        f"= {number(value)}",
        "θ := θ · limit / ‖incoming weights of the unit‖  (max norm)",
        f"= {factor(value)} · {number(limit)} / {number(norm)}",
    ]


def _average(place: Place, slot: str, beta: float, share: float, squared: bool) -> list[str]:
    what = "(dθ)²" if squared else "dθ"
    told = factor(_gradient(place)) + ("²" if squared else "")
    weight = "(1 − β) · " if share != 1 else ""
    numbers = f"{number(share)} · " if share != 1 else ""
    before = float(place.walk.slot_before(_name(place), slot)[place.index])
    return [
        f"{slot} := β {slot} + {weight}{what}",
        f"= {number(beta)} · {factor(before)} + {numbers}{told}",
    ]


def _name(place: Place) -> str:
    return f"{place.quantity.node}.{place.quantity.parameter}"


def _updates(place: Place) -> int:
    return place.walk.updater.counts[place.quantity.node]


def _raw_gradient(place: Place) -> float:
    return float(place.walk.gradient(_name(place))[place.index])


def _gradient(place: Place) -> float:
    """As the optimizer sees it: after clipping."""
    return float(place.walk.clipped_gradient(_name(place))[place.index])


def _alpha(place: Place) -> str:
    return number(place.walk.learning_rates[place.quantity.node])


def _raw_slot(place: Place, slot: str) -> float:
    return float(place.walk.quantities[f"{_name(place)}/{Role.SLOT}/{slot}"].array[place.index])


def _slot(place: Place, slot: str) -> float:
    """The state of this parameter, corrected where the optimizer corrects it."""
    corrected = place.walk.quantities.get(f"{_name(place)}/{Role.CORRECTED}/{slot}")
    return _raw_slot(place, slot) if corrected is None else float(corrected.array[place.index])


def _corrected_name(place: Place, slot: str) -> str:
    key = f"{_name(place)}/{Role.CORRECTED}/{slot}"
    return f"{slot}_corrected" if key in place.walk.quantities else slot


def _root(s: float, epsilon: float, inside: bool) -> str:
    if inside:
        return f"√({number(s)} + {number(epsilon)})"
    return f"(√{number(s)} + {number(epsilon)})"
