"""Work: the relative cost of steps and evaluations, counted instead of timed.

A clock would differ from run to run, but the same seed must evaluate at the same iterations.
Multiply-adds alone would underestimate small networks, whose steps consist mostly of calls, so
every part adds a fixed amount for its call.
"""

from __future__ import annotations

from typing import NamedTuple, Self

from engine.network import Network

CALL = 60_000
"""Multiply-adds in the time of one call of a part, forward or backward: about 10 µs each."""
UPDATE = 40
"""Multiply-adds in the time that an optimizer takes for one parameter."""
SMALL = 2
"""How many times slower the products of a mini-batch are than those of a large chunk."""


class Work(NamedTuple):
    """forward, backward: multiply-adds of one example. parts: calls in one pass. parameters: P.
    chunk: examples that an evaluation computes at once."""

    forward: int
    backward: int
    parts: int
    parameters: int
    chunk: int

    @classmethod
    def of(cls, network: Network) -> Self:
        """The work of a network."""
        pieces = network.plan.pieces
        forward = sum(piece.costs.multiply_adds for piece in pieces)
        backward = sum(piece.backward_multiply_adds for piece in pieces)
        chunk = network.plan.evaluation_chunk
        return cls(forward, backward, len(pieces), network.theta.size, chunk)

    def step(self, batch: int) -> float:
        """A training step on this many examples."""
        calls = 3 * CALL * self.parts  # forward, backward, update
        products = SMALL * batch * (self.forward + self.backward)
        return calls + UPDATE * self.parameters + products

    def evaluation(self, m: int) -> float:
        """A pass forward over this many examples."""
        return -(-m // self.chunk) * CALL * self.parts + m * self.forward
