"""How an optimizer makes a step from a gradient, with the numbers filled in."""

from __future__ import annotations

from functools import singledispatch

from engine.optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSprop
from engine.walkthrough.notation import factor, number
from engine.walkthrough.place import Place
from engine.walkthrough.quantity import Role


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
def step_lines(optimizer: Optimizer, place: Place) -> list[str]:
    """How the parameter came to its new value."""
    return []


@step_lines.register
def _(optimizer: GradientDescent, place: Place) -> list[str]:
    return [f"θ := θ − α dθ = {_before(place)} − {_alpha(place)} · {factor(_gradient(place))}"]


@step_lines.register
def _(optimizer: Momentum, place: Place) -> list[str]:
    if optimizer.nesterov:
        return ["θ := θ − α · (β v + (1 − β) dθ): one step ahead along v"]
    return [f"θ := θ − α v = {_before(place)} − {_alpha(place)} · {factor(_slot(place, 'v'))}"]


@step_lines.register
def _(optimizer: RMSprop, place: Place) -> list[str]:
    root = _root(_slot(place, "s"), optimizer.epsilon, optimizer.epsilon_inside)
    return [
        f"θ := θ − α dθ / (√s + ε) = {_before(place)} − {_alpha(place)} · "
        f"{factor(_gradient(place))} / {root}"
    ]


@step_lines.register
def _(optimizer: Adam, place: Place) -> list[str]:
    root = _root(_slot(place, "s"), optimizer.epsilon, optimizer.epsilon_inside)
    return [
        "θ := θ − α v_corrected / (√s_corrected + ε)",
        f"= {_before(place)} − {_alpha(place)} · {factor(_slot(place, 'v'))} / {root}",
    ]


def update_lines(place: Place) -> list[str]:
    """Any number of the update: slot, corrected slot, or new parameter."""
    optimizer = place.walk.updater.optimizers[place.quantity.node]
    slot = place.quantity.key.rpartition("/")[2]
    if place.quantity.role is Role.SLOT:
        return slot_lines(optimizer, slot, place)
    t = place.walk.updater.counts[place.quantity.node]
    if place.quantity.role is Role.CORRECTED:
        key = place.quantity.key.replace(Role.CORRECTED, Role.SLOT)
        raw = float(place.walk.quantities[key].array[place.index])
        rest = raw / place.value if place.value else 1.0
        return [
            f"= {slot} / (1 − β<sup>t</sup>) with t = {t}",
            f"= {factor(raw)} / {number(rest)}",
        ]
    lines = step_lines(optimizer, place)
    decays = optimizer.weight_decay and place.walk.block(_name(place)).is_weight
    if decays:
        lines.append(f"after W := (1 − α · {number(optimizer.weight_decay)}) W  (weight decay)")
    if place.walk.clipped:
        lines.append("with the gradient clipped first")
    return lines


def _average(place: Place, slot: str, beta: float, share: float, squared: bool) -> list[str]:
    """The slot before is what the average must have been: (now - share * new) / beta."""
    new = _gradient(place) ** 2 if squared else _gradient(place)
    before = (place.value - share * new) / beta if beta else 0.0
    what = "(dθ)²" if squared else "dθ"
    told = f"{factor(_gradient(place))}²" if squared else factor(new)
    weight = "(1 − β) · " if share != 1 else ""
    numbers = f"{number(share)} · " if share != 1 else ""
    return [
        f"{slot} := β {slot} + {weight}{what}",
        f"= {number(beta)} · {factor(before)} + {numbers}{told}",
    ]


def _name(place: Place) -> str:
    return f"{place.quantity.node}.{place.quantity.parameter}"


def _gradient(place: Place) -> float:
    return float(place.walk.gradient(_name(place))[place.index])


def _before(place: Place) -> str:
    return number(float(place.parameter(place.quantity.parameter)[place.index]))


def _alpha(place: Place) -> str:
    return number(place.walk.learning_rates[place.quantity.node])


def _slot(place: Place, slot: str) -> float:
    """The state of this parameter, corrected where the optimizer corrects it."""
    for role in (Role.CORRECTED, Role.SLOT):
        quantity = place.walk.quantities.get(f"{_name(place)}/{role}/{slot}")
        if quantity is not None:
            return float(quantity.array[place.index])
    raise KeyError(slot)


def _root(s: float, epsilon: float, inside: bool) -> str:
    if inside:
        return f"√({number(s)} + {number(epsilon)})"
    return f"(√{number(s)} + {number(epsilon)})"
