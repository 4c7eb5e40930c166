"""From two gradients to a sentence that says where back-propagation goes wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from engine.gradient_check.report import BlockReport
from engine.gradient_check.verdicts import Verdict
from engine.network import Network

Array = np.ndarray

EXPLAINED = 1e-4
"""A simple cause explains a difference if less than this share of it remains."""

MOST_NAMES = 4
"""Names in one sentence; the others are counted."""

NEARLY_RIGHT = 1e-3
"""A factor this near to 1 explains nothing: the difference is small, and that is all."""

LARGE_COST = 1e3
"""A cost from which on round-off is worth a hint at the size of the targets."""

UNEXPLAINED = "wrong, not by a constant factor"


class BlockGradients(NamedTuple):
    """Both gradients of one block, and the penalties' share of them: L2 alone, and all; (n,)."""

    numerical: Array
    exact: Array
    l2: Array
    penalty: Array


def factor_between(numerical: Array, exact: Array) -> float | None:
    """The number s for which exact = s * numerical, or None where no single number does."""
    square = float(numerical @ numerical)
    if square == 0:
        return None
    factor = float(exact @ numerical) / square
    rest = float(np.linalg.norm(exact - factor * numerical))
    size = max(float(np.linalg.norm(exact)), float(np.linalg.norm(numerical)))
    return factor if rest <= EXPLAINED * size else None


def cause_of(network: Network, evidence: BlockGradients, m: int) -> str:
    """What is wrong with a block that disagrees, to follow "is": "of the wrong sign"."""
    difference = evidence.exact - evidence.numerical
    rest = float(np.linalg.norm(difference + evidence.l2))
    if evidence.l2.any() and rest <= EXPLAINED * float(np.linalg.norm(difference)):
        return "without the L2 term λ/m W"
    factor = factor_between(evidence.numerical, evidence.exact)
    if factor is None and evidence.penalty.any():
        without = (evidence.numerical - evidence.penalty, evidence.exact - evidence.penalty)
        factor = factor_between(*without)
    if factor is None:
        return UNEXPLAINED
    if abs(factor - 1) < NEARLY_RIGHT:
        share = float(np.linalg.norm(difference) / np.linalg.norm(evidence.numerical))
        return f"slightly off, by {share:.1g} of its size"
    return factor_words(factor, m, _keep_probs(network))


def located(
    network: Network, blocks: Sequence[BlockReport], cost: float
) -> tuple[tuple[str, ...], str]:
    """Names of the blocks where the fault shows first on the way back, and the sentence.

    cost: J.
    """
    bad = [block for block in blocks if not block.passed]
    if bad:
        names, text = _blamed(network, blocks, bad)
    else:
        names, text = (), all_agree(blocks, cost)
        if abs(cost) > LARGE_COST and any(block.within_round_off for block in blocks):
            text += _smaller_cost(network)
    return names, text + left_out(blocks)


def left_out(blocks: Sequence[BlockReport]) -> str:
    """How many components kinks hide, as a further sentence; empty where there are none."""
    kinks = sum(block.kinks for block in blocks)
    are = "component is" if kinks == 1 else "components are"
    return f" {kinks:,} {are} left out: a kink lies within epsilon." if kinks else ""


def _blamed(
    network: Network, blocks: Sequence[BlockReport], bad: Sequence[BlockReport]
) -> tuple[tuple[str, ...], str]:
    node = bad[-1].node  # the closest to the output: back-propagation comes here first
    here = [block for block in bad if block.node == node]
    below = list(dict.fromkeys(block.node for block in bad if block.node != node))
    names = tuple(block.name for block in here)
    if len(bad) == 1:
        return names, _one_bad(network, blocks, bad[0])
    text = f"Back-propagation goes wrong at '{node}': {_findings(here)}"
    if below:
        text += f"; the gradients of {_listed(below)} follow from it"
    if below or UNEXPLAINED in {block.cause for block in here}:
        return names, f"{text}. {_advice(network, node, blocks, bool(below))}"
    return names, f"{text}. All others agree."


def _findings(here: Sequence[BlockReport]) -> str:
    """Blocks of one node with the same cause are named together."""
    found = []
    for cause in dict.fromkeys(block.cause for block in here):
        names = [f"d{block.parameter}" for block in here if block.cause == cause]
        found.append(f"{_and(names)} {'is' if len(names) == 1 else 'are'} {cause}")
    return "; ".join(found)


def _one_bad(network: Network, blocks: Sequence[BlockReport], bad: BlockReport) -> str:
    same = [b for b in blocks if b.parameter == bad.parameter and b.name != bad.name]
    others = f"Every other d{bad.parameter} agrees" if same else "Every other gradient agrees"
    if len(blocks) == 1:
        return f"{_capital(bad.finding)}."
    above = _part_above(network, blocks, bad.node)
    if above and bad.cause == UNEXPLAINED:
        return f"{others}; {bad.finding}. Look at this formula, and at dZ = ... of {above}."
    return f"{others}; {bad.finding}."


def _advice(network: Network, node: str, blocks: Sequence[BlockReport], below: bool) -> str:
    """Where to look: a whole node is wrong if the dZ that reaches it is. below: whether the layers
    below are wrong as well, which no formula of a parameter can cause."""
    after = [wire.target for wire in network.design.outputs_of(node)]
    whole = all(not block.passed for block in blocks if block.node == node)
    if not whole and below:
        above = _part_above(network, blocks, node) or "the parts after it"
        return (
            "The layers below are wrong as well, so the fault lies in the dZ that this layer "
            f"passes on, not in one formula: look at dZ = ... of {above}."
        )
    if not whole:
        return "The others in this layer agree, so look at this formula alone."
    if not after:
        return "Look at dZ of the output, and at 1/m."
    return (
        "All of its gradients are wrong and those nearer to the output agree, so look at its dZ: "
        f"the derivative of its activation, its dropout, and dA = W^T dZ of {_listed(after)}."
    )


def _part_above(network: Network, blocks: Sequence[BlockReport], node: str) -> str:
    """The part of a node between its wrong parameters and its right ones, by its title: batch norm,
    whose gamma and beta are right although the dW in front of it is wrong. Empty without one."""
    wrong = [block.parameter for block in blocks if block.node == node and not block.passed]
    right = [b.parameter for b in blocks if b.node == node and b.verdict != Verdict.UNDECIDED]
    parts = [part for part in network.parts if part.node == node and part.params]
    first = max((i for i, part in enumerate(parts) if set(part.params) & set(wrong)), default=0)
    found = [part for part in parts[first + 1 :] if set(part.params) & set(right)]
    return found[0].layer.title.lower() if found else ""


def all_agree(blocks: Sequence[BlockReport], cost: float) -> str:
    """The sentence where no block fails: what was hidden by kinks, and what by round-off."""
    undecided = [block for block in blocks if block.verdict == Verdict.UNDECIDED]
    kinks = [block.name for block in undecided if not block.checked]
    hidden = [block.name for block in undecided if block.checked]
    closer = [block for block in blocks if block.verdict == Verdict.LOOK_CLOSER]
    rounded = [block.name for block in closer if block.within_round_off]
    unsure = [block.name for block in closer if not block.within_round_off]
    noise = f"round-off, with J = {cost:.3g}"
    if undecided and len(undecided) == len(blocks):
        why = noise if hidden else "a kink lies within epsilon of every component"
        return f"Nothing can be compared here: {why}{' is larger' if hidden else ''}."
    text = "Every gradient agrees with the numerical one."
    if unsure:
        text += f" Look more closely at {_listed(unsure)}: there may be a small error."
    if rounded:
        text += f" The differences in {_listed(rounded)} are no larger than {noise}."
    if kinks:
        text += f" Nothing could be compared in {_listed(kinks)}: kinks lie within epsilon."
    if hidden:
        text += f" The gradients of {_listed(hidden)} are too small to compare beside {noise}."
    return text


def _smaller_cost(network: Network) -> str:
    if network.task.takes_scaling and not network.task.scales_targets:
        return " Scaling the targets would make J small, and the check sharp."
    return " A larger epsilon would make the check sharper."


def factor_words(factor: float, m: int, keep_probs: Collection[float] = ()) -> str:
    """What a gradient is that is `factor` times the right one; m: examples, 0 if unknown."""
    if abs(factor) < EXPLAINED:
        return "zero and should not be"
    if _close(factor, -1):
        return "of the wrong sign"
    if m > 2 and _close(factor, m):
        return f"m = {m} times too large: the 1/m is missing"
    if m > 2 and _close(factor, 1 / m):
        return f"m = {m} times too small: 1/m was applied twice"
    for keep_prob in sorted(keep_probs):
        if _close(factor, keep_prob):
            return f"keep_prob = {keep_prob:g} times what is right: the division by it is missing"
    return f"off by a factor of {factor:.4g}"


def _keep_probs(network: Network) -> set[float]:
    return {part.layer.kept_share for part in network.parts} - {1.0}


def _close(value: float, target: float) -> bool:
    return abs(value - target) <= 1e-3 * abs(target)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names[:MOST_NAMES]]
    more = len(names) - MOST_NAMES
    return _and([*quoted, f"{more} more"] if more > 0 else quoted)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
