"""The initialization lab: one batch through the open design, started in several ways. No Qt."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.data import Splits
from engine.health.alarms import (
    DEAD_SHARE,
    EXPLODING_NORM,
    IDENTICAL_SHARE,
    MEASURES,
    SATURATED_SHARE,
    VANISHING_NORM,
    VANISHING_RATIO,
)
from engine.health.health import HealthProbe
from engine.health.judged_examples import JUDGED
from engine.initializers import COMPARED, Initializer
from engine.network import Network
from engine.probes.private_pass import learn
from engine.probes.spreads import A, Spreads, spreads
from engine.project import Project
from engine.spec import ordered_fields, readable
from engine.training.batches import Batches, Examples

Array = np.ndarray

MOST_EXAMPLES = 1_000
"""Of a larger first batch, its first examples are passed."""
COSTLY = 5.0
"""A start costs too much from so many times the cost of logits that are all 0."""
FADING, GROWING = 0.1, 10.0
"""Activations of the last hidden layer fade, or grow, if their spread is below, or above, this
many times that of the data."""


class StartFinding(NamedTuple):
    """kind: "symmetric", "dead", "saturated", "fading", "growing", "vanishing", "faint"
    (all gradients are small), "still" (one is exactly 0), "exploding", "costly" or "broken" (not
    finite). value and other: the numbers that say
    so, such as the spread in this node and in the data."""

    kind: str
    node: str
    value: float = math.nan
    other: float = math.nan


class Start(NamedTuple):
    """One initializer and what it leads to before the first step."""

    initializer: Initializer
    cost: float
    spreads: Spreads
    findings: tuple[StartFinding, ...]


def variants(present: Initializer) -> tuple[Initializer, ...]:
    """The initializers that are compared; the present one is among them."""
    return COMPARED if present in COMPARED else (present, *COMPARED)


def used_by_all(project: Project) -> Initializer | None:
    """The initializer of the training settings, if no layer has another one of its own."""
    present = project.training.initializer
    same = project.with_setting_everywhere("initializer", present) == project
    return present if same else None


def compare(project: Project, data: Splits) -> list[Start]:
    """Start the design with each initializer, from the same seed, and pass its first batch."""
    return [_start(project, data, each) for each in variants(project.training.initializer)]


def title_of(initializer: Initializer) -> str:
    """ "He", or "Normal, standard deviation 10": its own settings belong to its name."""
    own, words = type(initializer).__annotations__, [initializer.title]
    for name, info in ordered_fields(type(initializer)).items():
        value = getattr(initializer, name)
        if name in own or value != info.default:
            words.append(f"{(info.title or name).lower()} {readable(value)}")
    return ", ".join(words)


def _start(project: Project, data: Splits, initializer: Initializer) -> Start:
    project = project.with_setting_everywhere("initializer", initializer)
    network = Network(project.design, project.training, data=data)
    batches = Batches(Examples(network, data.train, "training"), project.training)
    X, Y = (array[..., :MOST_EXAMPLES] for array in batches.peek())
    step = learn(network, X, Y)
    nodes = network.parameter_nodes
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        judged = network.forward(np.asarray(data.train.X[..., :JUDGED], network.dtype)).values
        health = HealthProbe(network, nodes).measure(network, step, network.theta, judged)
    found = spreads(network, step)
    findings = _findings(nodes, health, found, step.cost)
    chance = _chance(network, Y)
    if step.cost > COSTLY * chance:
        findings.append(StartFinding("costly", nodes[-1], step.cost, chance))
    return Start(initializer, step.cost, found, tuple(findings))


def _chance(network: Network, Y: Array) -> float:
    """J where all logits are 0."""
    J = 0.0
    for head, y, weights in network.by_head(Y):
        zeros = np.zeros((head.units, Y.shape[-1]), Y.dtype)
        J += head.cost_and_gradient(zeros, y, weights)[0]
    return J


def _findings(nodes: list[str], health: Array, found: Spreads, cost: float) -> list[StartFinding]:
    """What is wrong with this start, one finding of a kind, at the layer where it is worst."""
    norms = health[MEASURES.index("weight_gradient_norm")]
    if not (math.isfinite(cost) and np.isfinite(np.nan_to_num(norms, posinf=np.inf)).all()):
        return [StartFinding("broken", nodes[-1], cost)]
    hidden = len(nodes) - 1
    findings = [
        finding
        for kind, measure, limit in (
            ("symmetric", "identical_share", IDENTICAL_SHARE),
            ("saturated", "saturated_share", SATURATED_SHARE),
            ("dead", "dead_share", DEAD_SHARE),
        )
        for finding in _worst_share(kind, nodes[:hidden], health[MEASURES.index(measure)], limit)
    ]
    return findings + _of_activations(nodes[:hidden], found) + _of_gradients(nodes, norms)


def _worst_share(kind: str, nodes: list[str], shares: Array, limit: float) -> list[StartFinding]:
    shares = np.nan_to_num(shares[: len(nodes)])
    worst = int(shares.argmax()) if len(nodes) else 0
    if not len(nodes) or shares[worst] < limit:
        return []
    return [StartFinding(kind, nodes[worst], float(shares[worst]))]


def _of_activations(hidden: list[str], found: Spreads) -> list[StartFinding]:
    first = next(iter(found[A].values())).spread
    if not hidden or not first > 0:
        return []
    last = found[A][hidden[-1]].spread
    if last < FADING * first:
        return [StartFinding("fading", hidden[-1], last, first)]
    return [StartFinding("growing", hidden[-1], last, first)] if last > GROWING * first else []


def _of_gradients(nodes: list[str], norms: Array) -> list[StartFinding]:
    if np.isnan(norms).all():
        return []
    low, high = int(np.nanargmin(norms)), int(np.nanargmax(norms))
    if norms[high] > EXPLODING_NORM:
        return [StartFinding("exploding", nodes[high], float(norms[high]))]
    if norms[low] == 0:
        return [StartFinding("still", nodes[low], 0.0)]
    if norms[low] < VANISHING_RATIO * norms[high]:
        return [StartFinding("vanishing", nodes[low], float(norms[low]), float(norms[high]))]
    faint = norms[high] < VANISHING_NORM
    return [StartFinding("faint", nodes[high], float(norms[high]))] if faint else []
