"""Updater: applies the optimizers of all layers to theta, in cache-sized pieces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from engine.layers import TrainableLayer, WeightedLayer
from engine.network import Network
from engine.network.parts import ParameterSlice, copy_into
from engine.optimizers import Optimizer, decay_weights
from engine.settings import TrainingSettings

Array = np.ndarray

PIECE = 65_536
"""Elements in one piece of an update, so that theta, gradient, and state stay in the cache. Much
smaller pieces cost more in calls than they save in memory access."""


@dataclass
class _Group:
    """Adjacent blocks of theta that one optimizer updates together; t counts its updates."""

    optimizer: Optimizer
    blocks: list[ParameterSlice]
    t: int
    pieces: list[_Piece] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.blocks[0].start

    @property
    def stop(self) -> int:
        return self.blocks[-1].stop


class _Piece(NamedTuple):
    """Views of one cache-sized piece of theta, its gradient, theta before, and the slots."""

    theta: Array
    gradient: Array
    previous: Array
    slots: tuple[Array, ...]


class Updater:
    """One optimizer step over all trainable layers of a network.

    A layer's own optimizer takes precedence over that of the settings. State vectors (`slots`) have
    theta's length; `previous` holds theta as it was before the last step. `iteration` counts the
    steps of the whole run, for the schedule; `counts` those of each layer's present optimizer.
    """

    def __init__(self, network: Network, settings: TrainingSettings | None = None) -> None:
        self.network = network
        self.slots: dict[str, Array] = {}
        self._counts = dict.fromkeys(network.parameter_nodes, 0)
        self._groups: list[_Group] = []
        self.iteration = 0
        self.previous: Array = network.theta.copy()
        self._scratch = (np.empty(PIECE, network.dtype), np.empty(PIECE, network.dtype))
        self._optimizers: dict[str, Optimizer] = {}
        self._kinds: dict[str, str] = {}
        self.adopt(settings or network.settings)

    def adopt(self, settings: TrainingSettings) -> None:
        """Adopt changed settings, or a changed design of the network, during a run.

        A layer whose kind of optimizer changes starts over with empty state and t = 0; other
        changes (the learning rate, say) keep it.
        """
        self.settings = settings
        self._counts = self.counts
        self._optimizers = self._chosen(settings)
        for node, optimizer in self._optimizers.items():
            if self._kinds.setdefault(node, optimizer.kind) != optimizer.kind:
                self._begin_anew(node)
            self._kinds[node] = optimizer.kind
        for optimizer in self._optimizers.values():
            for name in optimizer.slots:
                if name not in self.slots:
                    self.slots[name] = np.zeros_like(self.network.theta)
        self._groups = self._grouped()
        self._spans = self._updated_spans()
        self._keep_what_rests()
        self.max_norms = {
            block.name: layer.max_norm
            for block in self.network.slices
            if block.is_weight
            and isinstance(layer := self.network.specs[block.node], WeightedLayer)
            if layer.max_norm is not None and layer.trainable
        }

    def step(self, epoch: int = 0) -> bool:
        """One update from `network.gradient`; epoch counts from 0, for the schedule.

        Returns True if the gradient was clipped (in place) first.
        """
        clipped = self.descend(epoch)
        if self.max_norms:
            self.limit_norms()
        return clipped

    def descend(self, epoch: int = 0) -> bool:
        """A `step` without `limit_norms`."""
        clipped = self._clip()
        rate = self.settings.schedule.rate
        for group in self._groups:
            alpha = rate(group.optimizer.learning_rate, epoch, self.iteration)
            group.t += 1
            self._update(group, alpha)
        self.iteration += 1
        return clipped

    def limit_norms(self) -> None:
        """Scale each unit's incoming weights to at most its layer's max-norm."""
        for name, limit in self.max_norms.items():
            _limit_norms(self.network.parameters[name], limit)

    @property
    def gradient_norm(self) -> float:
        """The norm that clipping compares with its limit: that of all layers being updated."""
        limit = self.settings.clip_value
        spans = (s if limit is None else np.clip(s, -limit, limit) for s in self._spans)
        return math.hypot(*(float(np.linalg.norm(span)) for span in spans))

    @property
    def optimizers(self) -> Mapping[str, Optimizer]:
        """The optimizer of each layer that is updated, by node."""
        return self._optimizers

    @property
    def counts(self) -> dict[str, int]:
        """The number of updates of each layer by its current optimizer."""
        present = {block.node: group.t for group in self._groups for block in group.blocks}
        return self._counts | present

    def learning_rate(self, epoch: int) -> float:
        """The scheduled rate of the network-wide optimizer at the next step."""
        base = self.settings.optimizer.learning_rate
        return self.settings.schedule.rate(base, epoch, self.iteration)

    def take_back(self) -> None:
        """Undo the last step of theta (not of the optimizers' state), if there was one."""
        if self.iteration:
            self.network.theta[...] = self.previous

    def restore(
        self, slots: Mapping[str, Array], counts: Mapping[str, int], iteration: int
    ) -> None:
        """Continue from saved slots and counts; theta was restored before."""
        for name, slot in self.slots.items():
            copy_into(slot, slots[name], name)
        self._counts = {node: counts[node] for node in self._counts}
        self.iteration = iteration
        self.previous[...] = self.network.theta
        self._groups = self._grouped()

    def _begin_anew(self, node: str) -> None:
        self._counts[node] = 0
        for slot in self.slots.values():
            for block in self._blocks_of(node):
                slot[block.start : block.stop] = 0

    def _keep_what_rests(self) -> None:
        """Make sure that `take_back` does not change layers that are no longer updated."""
        for block in self.network.slices:
            if block.node not in self._optimizers:
                rest = slice(block.start, block.stop)
                self.previous[rest] = self.network.theta[rest]

    def _update(self, group: _Group, alpha: float) -> None:
        optimizer = group.optimizer
        if optimizer.weight_decay:
            self._decay(group, alpha)
        for theta, gradient, previous, slots in group.pieces:
            if not optimizer.weight_decay:
                np.copyto(previous, theta)
            optimizer.update(theta, gradient, slots, group.t, alpha, self._scratch)

    def _decay(self, group: _Group, alpha: float) -> None:
        """Remember all of theta, then shrink the weights."""
        theta = self.network.theta
        for piece in group.pieces:
            np.copyto(piece.previous, piece.theta)
        for block in group.blocks:
            if block.is_weight:
                weights = theta[block.start : block.stop]
                decay_weights(weights, alpha, group.optimizer.weight_decay)

    def _cut(self, group: _Group) -> list[_Piece]:
        vectors = (self.network.theta, self.network.gradient, self.previous)
        slots = tuple(self.slots[name] for name in group.optimizer.slots)
        pieces = []
        for low in range(group.start, group.stop, PIECE):
            high = min(low + PIECE, group.stop)
            theta, gradient, previous = (vector[low:high] for vector in vectors)
            pieces.append(
                _Piece(theta, gradient, previous, tuple(slot[low:high] for slot in slots))
            )
        return pieces

    def _clip(self) -> bool:
        """Clip the gradient of the layers that are updated; frozen layers do not count."""
        limit, longest = self.settings.clip_value, self.settings.clip_norm
        clipped = False
        if limit is not None:
            clipped = any(bool((np.abs(span) > limit).any()) for span in self._spans)
            for span in self._spans:
                np.clip(span, -limit, limit, out=span)
        if longest is not None:
            norm = math.hypot(*(float(np.linalg.norm(span)) for span in self._spans))
            if norm > longest:
                clipped = True
                for span in self._spans:
                    np.multiply(span, longest / norm, out=span)
        return clipped

    def _updated_spans(self) -> list[Array]:
        """The gradient of the layers that are updated, as few slices as possible."""
        ends: list[list[int]] = []
        for group in self._groups:
            if ends and ends[-1][1] == group.start:
                ends[-1][1] = group.stop
            else:
                ends.append([group.start, group.stop])
        return [self.network.gradient[start:stop] for start, stop in ends]

    def _chosen(self, settings: TrainingSettings) -> dict[str, Optimizer]:
        chosen = {}
        for node in self.network.parameter_nodes:
            layer = self.network.design.nodes[node]
            if isinstance(layer, TrainableLayer) and layer.trainable:
                chosen[node] = layer.optimizer or settings.optimizer
        return chosen

    def _grouped(self) -> list[_Group]:
        groups: list[_Group] = []
        for block in self.network.slices:
            optimizer = self._optimizers.get(block.node)
            if optimizer is None:
                continue
            t = self._counts[block.node]
            last = groups[-1] if groups else None
            if last and (last.optimizer, last.t, last.stop) == (optimizer, t, block.start):
                last.blocks.append(block)
            else:
                groups.append(_Group(optimizer, [block], t))
        for group in groups:
            group.pieces = self._cut(group)
        return groups

    def _blocks_of(self, node: str) -> list[ParameterSlice]:
        return [block for block in self.network.slices if block.node == node]


def _limit_norms(W: Array, limit: float) -> None:
    """Scale each unit's incoming weights (a row of W) to at most this norm, in place."""
    rows = W.reshape(W.shape[0], -1)  # (n_out, everything else)
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    np.multiply(rows, np.minimum(1, limit / np.maximum(norms, limit)), out=rows)
