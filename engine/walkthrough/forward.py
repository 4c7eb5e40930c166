"""How a number of the forward pass comes about, layer by layer, with the numbers filled in."""

from __future__ import annotations

import re
from functools import partial, singledispatch

from engine.layers import Activation, Add, BatchNorm, Concatenate, Dropout, Input, Layer
from engine.layers.dense import Linear
from engine.layers.kinds import Kind, kind_of
from engine.walkthrough.explained import output_lines
from engine.walkthrough.notation import factor, total
from engine.walkthrough.place import Place
from engine.words import number

MOST_LOGITS = 10
AXES: dict[Kind, tuple[str, ...]] = {
    "vector": ("feature",),
    "sequence": ("feature", "step"),
    "image": ("channel", "row", "column"),
    "tokens": ("step",),
}
"""What the indices of an input count."""

_Z = re.compile(r"(?<![A-Za-z])[zZ](?![A-Za-z])")


@singledispatch
def forward_lines(layer: Layer, place: Place) -> list[str]:
    """The lines "name = formula", "= with numbers" for the value at `place`.

    Layers without a function of their own below say what `Layer.explain` does.
    """
    first, *rest = output_lines(place.walk, place.part, place.quantity.slot, place.index)
    return [f"{place.name}:  {first}", *rest]


@forward_lines.register
def _(layer: Input, place: Place) -> list[str]:
    axes = AXES[kind_of(place.walk.network.shapes[place.quantity.node])]
    where = [f"{axis} {number + 1}" for axis, number in zip(axes, place.unit, strict=True)]
    return [f"{place.name} is {', '.join(where)} of example {place.index[-1] + 1}"]


@forward_lines.register
def _(layer: Linear, place: Place) -> list[str]:
    if len(place.unit) > 1:
        return forward_lines.dispatch(Layer)(layer, place)
    (i, example), (source,) = place.index, place.part.sources
    a, W = place.walk.value_at(source)[:, example], place.parameter("W")[i]
    terms = " + b" if layer.bias else ""
    name = place.name_of(source, (), example)
    formula = f"{place.name} = Σ<sub>j</sub> W<sub>{i + 1},j</sub> · {name}<sub>j</sub>"
    text = total(zip(W.tolist(), a.tolist(), strict=True), len(a))
    if layer.bias:
        formula += f"{terms}<sub>{i + 1}</sub>"
        text += f" + {factor(place.parameter('b')[i, 0])}"
    return [formula, f"= {text}"]


@forward_lines.register
def _(layer: Activation, place: Place) -> list[str]:
    (source,) = place.part.sources
    z = float(place.walk.value_at(source)[place.index])
    rule = layer.function.formula.partition(" = ")[2] or "g(z)"
    name = place.name_of(source, place.unit, place.example)
    return [f"{place.name} = g({name}) = {rule}", f"= {_Z.sub(partial(_filled, z), rule)}"]


@forward_lines.register
def _(layer: BatchNorm, place: Place) -> list[str]:
    (source,) = place.part.sources
    z = place.walk.value_at(source)
    unit = z[place.index[0]]
    mean, variance = float(unit.mean()), float(unit.var())
    column = (place.index[0],) + (0,) * (z.ndim - 1)
    whose = "of this mini-batch"
    if not layer.trainable:
        mean, variance = (float(place.part.state[name][column]) for name in ("mean", "variance"))
        whose = "the running averages, because the layer is frozen"
    gamma, beta = (float(place.parameter(name)[column]) for name in ("gamma", "beta"))
    value = factor(float(z[place.index]))
    return [
        f"{place.name} = γ (z − μ) / √(σ² + ε) + β, with μ and σ² {whose}",
        f"= {factor(gamma)} · ({value} − {factor(mean)}) / √({number(variance)} + "
        f"{number(layer.epsilon)}) + {factor(beta)}",
    ]


@forward_lines.register
def _(layer: Dropout, place: Place) -> list[str]:
    (source,) = place.part.sources
    a = float(place.walk.value_at(source)[place.index])
    mask = place.walk.result.trace.caches[place.part.target - 1]
    kept = mask is None or bool(mask[place.index])
    fate = "kept" if kept else "dropped"
    formula = f"{place.name} = a · d / keep_prob: this unit is {fate} for this example"
    return [formula, f"= {factor(a)} · {int(kept)} / {number(layer.keep_prob)}"]


@forward_lines.register
def _(layer: Add, place: Place) -> list[str]:
    names = [place.name_of(slot, place.unit, place.example) for slot in place.part.sources]
    values = [float(place.walk.value_at(slot)[place.index]) for slot in place.part.sources]
    return [
        f"{place.name} = {' + '.join(names)}",
        f"= {' + '.join(factor(value) for value in values)}",
    ]


@forward_lines.register
def _(layer: Concatenate, place: Place) -> list[str]:
    row = place.index[0]
    for slot in place.part.sources:
        rows = place.walk.value_at(slot).shape[0]
        if row < rows:
            return [f"{place.name} = {place.name_of(slot, (row, *place.unit[1:]), place.example)}"]
        row -= rows
    return []


def _filled(z: float, place: re.Match[str]) -> str:
    """z as a number; an argument of its own, as in "max(0, z)", needs no parentheses."""
    around = place.string[place.start() - 1 : place.start()], place.string[place.end() :][:1]
    alone = around[0] in ("(", " ") and around[1] in (")", ",") and "−" not in place.string
    return number(z) if alone else factor(z)


def prediction_lines(place: Place) -> list[str]:
    """Y hat from the logits: for one output its own z, for softmax all of them."""
    walk, (row, example) = place.walk, place.index
    head = walk.head_of(place.quantity.node)
    z, name = walk.value_at(head.slot)[:, example], head.task.short_title
    if len(z) == 1:
        return [f"{place.name} = {name}(z)", f"= {name}({number(z[0])})"]
    shown = ", ".join(number(value) for value in z[:MOST_LOGITS])
    more = ", …" if len(z) > MOST_LOGITS else ""
    return [f"{place.name} = {name}(z), output {row + 1}", f"with z = ({shown}{more})"]


def lines_in_units(place: Place) -> list[str]:
    """What a scaled prediction or target means in the units of the data."""
    walk = place.walk
    scale = walk.network.scale_of(walk.head_of(place.quantity.node))
    if scale is None:
        return []
    row, value = place.index[0], place.value
    mean, spread = float(scale.mean[row, 0]), float(scale.spread[row, 0])
    filled = f"{factor(value)} · {number(spread)} + {factor(mean)}"
    return [
        "in the units of the data: scaled · spread + mean of the training targets",
        f"= {filled} = {number(value * spread + mean)}",
    ]
