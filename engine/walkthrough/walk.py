"""Walk: everything that the next training step computes, in the order in which it does so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from engine.network import Network
from engine.network.heads import Head
from engine.network.parts import ParameterSlice, Part, Pass
from engine.optimizers import Optimizer
from engine.training.updater import Updater
from engine.walkthrough.quantity import Quantity, Role

Array = np.ndarray

GREEK = {"gamma": "γ", "beta": "β"}


class Phase(StrEnum):
    """Where a step of the walk belongs."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


class WalkStep(NamedTuple):
    """One line of the lecture: what happens at `node`, and the keys of what it makes.

    sources: the nodes whose values it takes going forward, or gives derivatives to going back.
    """

    phase: Phase
    node: str
    sources: tuple[str, ...]
    formula: str
    makes: tuple[str, ...]


class OptimizerState(NamedTuple):
    """What `Updater.restore` needs: slots by name, updates by node, and steps of the run."""

    slots: Mapping[str, Array]
    counts: Mapping[str, int]
    iteration: int

    @classmethod
    def of(cls, updater: Updater) -> OptimizerState:
        """A copy that training no longer changes."""
        slots = {name: slot.copy() for name, slot in updater.slots.items()}
        return cls(slots, dict(updater.counts), updater.iteration)


class Walk:
    """The next step of a run, taken on a copy of its network.

    network: a copy, which this changes. X: (n_x, m), Y: (n_y, m): the batch. state: the
    optimizer's; epoch: complete epochs, for the schedule. All numbers equal those that
    `Trainer.step` computes, bit for bit, dropout included if network.rng stands as it does there.
    quantities: by key, layer by layer. cost: J of the batch. gradient_norm: what clipping by norm
    compares with its limit. limited: the weights under max-norm as they were just before it scaled
    their rows, with the limit.
    """

    def __init__(
        self, network: Network, X: Array, Y: Array, state: OptimizerState, epoch: int
    ) -> None:
        self.network, self.epoch, self.m = network, epoch, X.shape[-1]
        self.Y = Y
        self.levels = _levels(network)
        self.quantities: dict[str, Quantity] = {}
        self.steps: list[WalkStep] = []
        self._theta = network.theta.copy()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self.result: Pass = network.learn_from(X, Y)
            self._gradient = network.gradient.copy()
            self.updater = Updater(network, network.settings)
            self.updater.restore(state.slots, state.counts, state.iteration)
            self._state = state
            self.learning_rates = self._rates()
            self.gradient_norm = self.updater.gradient_norm
            self.clipped = self.updater.descend(epoch)
            self.limited = self._limit()
        self.cost = self.result.cost
        self._go_forward()
        for head in network.heads:
            self._compare_with_targets(head)
        self._go_backward()
        self._update()

    def of_node(self, node: str) -> list[Quantity]:
        """The quantities of one layer: parameters first, then as they are computed."""
        found = [each for each in self.quantities.values() if each.node == node]
        return sorted(found, key=lambda each: each.role is not Role.PARAMETER)

    def value_at(self, slot: int) -> Array:
        """What stands in a slot of the network after the forward pass: (*shape, m)."""
        return self.result.trace.values[slot]

    def derivative_at(self, slot: int) -> Array | None:
        """m dJ/dvalue at a slot; None where nothing below learns."""
        return self.result.d[slot]

    def consumers(self, slot: int) -> list[Part]:
        """The parts that take a slot's value, and that give it a derivative."""
        return [
            part
            for part in self.network.parts
            if slot in part.sources and part.collect(self.result.d) is not None
        ]

    def part_at(self, slot: int) -> Part | None:
        """The part that writes a slot; what holds X, or a block of it, has none."""
        return next((p for p in self.network.parts if slot in (p.target, *p.more_targets)), None)

    def head_at(self, slot: int) -> Head | None:
        """The output whose logits stand in a slot."""
        return next((head for head in self.network.heads if head.slot == slot), None)

    def head_of(self, node: str) -> Head:
        """The output of this name."""
        return next(head for head in self.network.heads if head.node == node)

    def block(self, name: str) -> ParameterSlice:
        """Where the parameter "<node>.<parameter>" lies in theta."""
        return self.network.plan.slices_by_name[name]

    def before(self, name: str) -> Array:
        """A parameter as it was before the step."""
        return self.block(name).view(self._theta)

    def gradient(self, name: str) -> Array:
        """A parameter's gradient, penalties included, before any clipping."""
        return self.block(name).view(self._gradient)

    def clipped_gradient(self, name: str) -> Array:
        """The same gradient as the optimizer saw it: after clipping."""
        return self.block(name).view(self.network.gradient)

    def slot_before(self, name: str, slot: str) -> Array:
        """A parameter's optimizer state before the step."""
        return self.block(name).view(self._state.slots[slot])

    def _limit(self) -> dict[str, tuple[float, Array]]:
        """Apply max-norm, as the end of a step does."""
        before = {
            name: (limit, self.network.parameters[name].copy())
            for name, limit in self.updater.max_norms.items()
        }
        self.updater.limit_norms()
        return before

    def _rates(self) -> dict[str, float]:
        """The scheduled learning rate of each layer that is updated."""
        rate, rates = self.network.settings.schedule.rate, {}
        for node, optimizer in self.updater.optimizers.items():
            rates[node] = rate(optimizer.learning_rate, self.epoch, self.updater.iteration)
        return rates

    def _add(self, quantity: Quantity) -> str:
        self.quantities[quantity.key] = quantity
        return quantity.key

    def _go_forward(self) -> None:
        for node in dict.fromkeys(block.node for block in self.network.slices):
            self._add_parameters(node)
        seen: dict[tuple[str, str], int] = {}
        for part in self.network.parts:
            formula = part.layer.formula
            symbol = _symbol(formula)
            repeated = seen.setdefault((part.node, symbol), part.target) != part.target
            remark = f"after {part.layer.title.lower()}" if repeated else ""
            keys = [self._add_value(part, part.target, symbol, remark)]
            for slot, name in zip(part.more_targets, part.layer.outputs.names[1:], strict=True):
                keys.append(self._add_value(part, slot, symbol, name))
            self.steps.append(
                WalkStep(Phase.FORWARD, part.node, self._nodes_before(part), formula, tuple(keys))
            )

    def _add_value(self, part: Part, slot: int, symbol: str, remark: str) -> str:
        role = Role.VALUE if part.layer.inputs else Role.INPUT
        key, level, array = f"{part.node}/{slot}", self.levels[part.node], self.value_at(slot)
        quantity = Quantity(key, symbol, level, part.node, role, array, slot, remark=remark)
        return self._add(quantity)

    def _add_parameters(self, node: str) -> None:
        for block in self.network.slices:
            if block.node == node:
                self._add_parameter(block, Role.PARAMETER, block.view(self._theta))

    def _compare_with_targets(self, head: Head) -> None:
        node, Y = head.node, self.Y[head.rows]
        level = self.levels[node]
        prediction = head.task.predict(self.value_at(head.slot))
        remark = "" if self.network.scale_of(head) is None else "scaled"
        made = [
            Quantity(f"{node}/{name}", symbol, level, node, role, array, remark=remark)
            for name, symbol, role, array in (
                ("prediction", "Ŷ", Role.PREDICTION, prediction),
                ("target", "Y", Role.TARGET, head.task.targets.indicators(Y, head.units)),
            )
        ]
        keys = tuple(self._add(each) for each in made)
        self.steps.append(WalkStep(Phase.LOSS, node, (), head.loss.formula, keys))

    def _go_backward(self) -> None:
        for part in reversed(self.network.parts):
            keys, lines = [], []
            for slot in (part.target, *part.more_targets):
                if self.derivative_at(slot) is not None:
                    key, line = self._add_derivative(part, slot)
                    keys.append(key)
                    lines.append(line)
            if not keys:
                continue
            keys += [
                self._add_parameter(block, Role.GRADIENT, self.gradient(block.name), "d{}")
                for block in self.network.slices
                if self.network.parts[block.part] is part
            ]
            formula = ", ".join([*lines, *part.layer.gradient_formulas])
            step = WalkStep(
                Phase.BACKWARD, part.node, self._nodes_before(part), formula, tuple(keys)
            )
            self.steps.append(step)

    def _add_derivative(self, part: Part, slot: int) -> tuple[str, str]:
        """The key of a value's derivative, and the line that says where it comes from."""
        own, d = self.quantities[f"{part.node}/{slot}"], self.derivative_at(slot)
        assert d is not None
        ways = [each.layer.backward_formula for each in self.consumers(slot)]
        symbol = f"d{own.symbol}"
        quantity = own._replace(key=f"{own.key}/d", symbol=symbol, role=Role.DERIVATIVE, array=d)
        return self._add(quantity), f"{symbol} = {' + '.join(ways) or 'dL/dZ'}"

    def _update(self) -> None:
        for node, optimizer in self.updater.optimizers.items():
            keys, t = [], self.updater.counts[node]
            for block in (block for block in self.network.slices if block.node == node):
                keys += self._add_slots(block, optimizer, t)
                after = block.view(self.network.theta)
                keys.append(self._add_parameter(block, Role.UPDATED, after, "new {}"))
            formula = f"{optimizer.title}, update {t}, α = {self.learning_rates[node]:.4g}"
            self.steps.append(WalkStep(Phase.UPDATE, node, (), formula, tuple(keys)))

    def _add_parameter(
        self, block: ParameterSlice, role: Role, array: Array, pattern: str = "{}", slot: str = ""
    ) -> str:
        symbol = pattern.format(GREEK.get(block.parameter, block.parameter))
        return self._add(
            Quantity(
                f"{block.name}/{role}{slot and '/' + slot}",
                symbol,
                self.levels[block.node],
                block.node,
                role,
                array,
                parameter=block.parameter,
            )
        )

    def _add_slots(self, block: ParameterSlice, optimizer: Optimizer, t: int) -> list[str]:
        keys = []
        for name in optimizer.slots:
            slot = block.view(self.updater.slots[name])
            pattern = f"{name}_d{{}}"
            keys.append(self._add_parameter(block, Role.SLOT, slot, pattern, name))
            corrected = optimizer.corrected(name, slot, t)
            if corrected is not None:
                pattern += " corrected"
                keys.append(self._add_parameter(block, Role.CORRECTED, corrected, pattern, name))
        return keys

    def _nodes_before(self, part: Part) -> tuple[str, ...]:
        found = (self.part_at(slot) for slot in part.sources)
        return tuple(p.node for p in found if p is not None and p.node != part.node)


def _levels(network: Network) -> dict[str, int]:
    """l of each node: layers with weights count from 1, others take that of what feeds them."""
    slices = (each for each in network.slices if each.is_weight)
    weighted = list(dict.fromkeys(node for each in slices for node in each.nodes))
    levels: dict[str, int] = {}
    for node in network.design.order():
        before = [levels[wire.source] for wire in network.design.inputs_of(node)]
        levels[node] = weighted.index(node) + 1 if node in weighted else max(before, default=0)
    return levels


def _symbol(formula: str) -> str:
    """What a formula defines: "Z" of "Z = W A + b"; "A" where it says no more."""
    left = formula.partition(" = ")[0].rstrip("⁰")
    return left.upper() if left and len(left) <= 2 else "A"
