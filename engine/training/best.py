"""Best: the weights that a stop rule may restore."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.network import Network

Array = np.ndarray


@dataclass(frozen=True)
class Best:
    """The best evaluation so far, with the weights and running statistics that it was made with."""

    evaluation: dict[str, float]
    theta: Array
    state: dict[str, Array]

    @classmethod
    def of(cls, network: Network, evaluation: dict[str, float]) -> Best:
        """A copy of the current weights and running statistics."""
        state = {name: value.copy() for name, value in network.state.items()}
        return cls(evaluation, network.theta.copy(), state)

    def put_back(self, network: Network) -> None:
        """Restore the network."""
        network.theta[...] = self.theta
        for name, value in self.state.items():
            network.state[name][...] = value
