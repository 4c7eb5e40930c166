"""How a derivative comes about: by the chain rule, from every layer that uses the value."""

from __future__ import annotations

from functools import singledispatch
from html import escape

import numpy as np

from engine.layers import Activation, Add, BatchNorm, Dropout, Layer
from engine.layers.dense import Linear
from engine.network.heads import Head
from engine.network.parts import Part
from engine.walkthrough import explained
from engine.walkthrough.notation import factor, total
from engine.walkthrough.place import Place
from engine.words import number

Array = np.ndarray


@singledispatch
def backward_lines(layer: Layer, part: Part, place: Place) -> list[str]:
    """What the consumer `part` of a value contributes to its derivative at `place`.

    Layers without a function of their own below only say which layer it comes back through.
    """
    return [f"comes back through {layer.title} '{escape(part.node)}'"]


@backward_lines.register
def _(layer: Linear, part: Part, place: Place) -> list[str]:
    if len(place.unit) > 1:
        return backward_lines.dispatch(Layer)(layer, part, place)
    j, example = place.index
    dz = _derivative(part, place)[:, example]
    W = place.walk.before(f"{part.node}.W")[:, j]
    name = place.name_of(part.target, (), example, derivative=True)
    return [
        f"Σ<sub>k</sub> W<sub>k,{j + 1}</sub> · {name}<sub>k</sub>  (a row of Wᵀ dZ)",
        f"= {total(zip(W.tolist(), dz.tolist(), strict=True), len(dz))}",
    ]


@backward_lines.register
def _(layer: Activation, part: Part, place: Place) -> list[str]:
    z, a = part_values(part, place)
    da = float(_derivative(part, place)[place.index])
    slope = layer.function.backward(np.ones_like(z), z, a)[place.index]
    name = place.name_of(part.target, place.unit, place.example, derivative=True)
    if layer.function.kind == "softmax":
        return [f"comes back through softmax, where all units act on each other: {name}, …"]
    return [f"{name} · g′(z)", f"= {factor(da)} · {factor(float(slope))}"]


@backward_lines.register
def _(layer: BatchNorm, part: Part, place: Place) -> list[str]:
    name = place.name_of(part.target, place.unit, place.example, derivative=True)
    if not layer.trainable:
        return [f"γ / √(σ² + ε) · {name}: the layer is frozen, so μ and σ² are constants"]
    return [
        f"γ / √(σ² + ε) · ({name} − mean(dz̃) − z_norm · mean(dz̃ · z_norm)): each example moves "
        "the mean and the variance of all"
    ]


@backward_lines.register
def _(layer: Dropout, part: Part, place: Place) -> list[str]:
    da = float(_derivative(part, place)[place.index])
    mask = place.walk.result.trace.caches[part.target - 1]
    kept = mask is None or bool(mask[place.index])
    name = place.name_of(part.target, place.unit, place.example, derivative=True)
    return [
        f"{name} · d / keep_prob",
        f"= {factor(da)} · {int(kept)} / {number(layer.keep_prob)}",
    ]


@backward_lines.register
def _(layer: Add, part: Part, place: Place) -> list[str]:
    da = float(_derivative(part, place)[place.index])
    name = place.name_of(part.target, place.unit, place.example, derivative=True)
    return [f"{name} (a sum hands its derivative on)", f"= {number(da)}"]


def derivative_lines(place: Place) -> list[str]:
    """All contributions to the derivative at `place`; those of several consumers are added."""
    walk, slot = place.walk, place.quantity.slot
    head = walk.head_at(slot)
    if head is not None:
        return _at_the_loss(place, head)
    consumers = walk.consumers(slot)
    lines = [backward_lines(part.layer, part, place) for part in consumers]
    if len(lines) == 1:
        first, *rest = lines[0]
        return [f"{place.name} = {first}", *rest]
    told = [f"{place.name} is the sum of {len(lines)} ways back:"]
    for part, way in zip(consumers, lines, strict=True):
        told += [f"through '{escape(part.node)}': {' '.join(way)}"]
    return told


def gradient_lines(place: Place) -> list[str]:
    """dW, db, dgamma and dbeta: means over the batch, and what penalties add."""
    block = place.walk.block(f"{place.quantity.node}.{place.quantity.parameter}")
    if len(block.nodes) > 1:
        told = ", ".join(f"'{user}'" for user in block.nodes)
        return [f"{place.name} is the sum of the gradients of all that share it: {told}"]
    part = place.walk.network.parts[block.part]
    if isinstance(part.layer, Linear) and place.walk.value_at(part.target).ndim == 2:
        lines = _of_linear(place, part)
    else:
        first, *rest = explained.gradient_lines(place.walk, part, block.key, place.index)
        lines = [f"{place.name}:  {first}", *rest]
    return lines + (_penalty_lines(place) if block.is_weight else [])


def _of_linear(place: Place, part: Part) -> list[str]:
    walk, i, (source,) = place.walk, place.index[0], part.sources
    dz = walk.derivative_at(part.target)
    assert dz is not None  # a gradient has one above it
    name = place.name_of(part.target, (i,), None, derivative=True)
    if place.quantity.parameter == "b":
        return [f"{place.name} = 1/m Σ {name}", f"= 1/{walk.m} · ({_sum(dz[i])})"]
    j, a = place.index[1], walk.value_at(source)
    return [
        f"{place.name} = 1/m Σ {name} · {place.name_of(source, (j,), None)} over the examples",
        f"= 1/{walk.m} · ({total(zip(dz[i].tolist(), a[j].tolist(), strict=True), walk.m)})",
    ]


def _penalty_lines(place: Place) -> list[str]:
    """What L2 and L1 add to a weight's gradient."""
    walk = place.walk
    spec, lines = walk.network.specs[place.quantity.node], []
    l2, l1 = getattr(spec, "l2", None) or 0.0, getattr(spec, "l1", None) or 0.0
    W = float(place.parameter(place.quantity.parameter)[place.index])
    if l2:
        lines.append(f"+ λ/m · W = {number(l2)}/{walk.m} · {factor(W)}  (L2)")
    if l1:
        lines.append(f"+ λ/2m · sign(W) = {number(l1)}/{2 * walk.m} · {int(np.sign(W))}  (L1)")
    return lines


def _at_the_loss(place: Place, head: Head) -> list[str]:
    Y = place.walk.Y[head.rows]
    y = float(Y[place.index]) if Y.shape == place.quantity.array.shape else np.nan
    prediction = head.task.predict(place.walk.value_at(head.slot))[place.index]
    lines = [f"{place.name} = dL/dz, from the loss {head.loss.formula}"]
    if head.weight != 1:
        lines[0] += f", times the weight {number(head.weight)} of this output"
    if np.isclose(float(prediction) - y, place.value, rtol=1e-3, atol=1e-6):
        lines.append(f"= ŷ − y = {factor(float(prediction))} − {factor(y)}")
    return lines


def part_values(part: Part, place: Place) -> tuple[Array, Array]:
    """What went into a part with one input, and what came out."""
    return place.walk.value_at(part.sources[0]), place.walk.value_at(part.target)


def _derivative(part: Part, place: Place) -> Array:
    d = place.walk.derivative_at(part.target)
    assert d is not None  # consumers() gives only parts that have one
    return d


def _sum(row: Array) -> str:
    return total(((value,) for value in row.ravel().tolist()), row.size)
