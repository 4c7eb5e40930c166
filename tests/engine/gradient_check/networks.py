"""Networks, and the lectures' loop, that the tests of the gradient check share."""

import numpy as np

import engine
from engine.streams import Draws


def chain(*layers, features=3, names=None):
    """A design Input -> layers."""
    return engine.Design.sequential([engine.Input(features=features), *layers], names=names)


def loop(network, X, Y, epsilon, dropout_seed=None):
    """The lectures' loop: two whole passes for every component of theta, kinks not left out."""

    def cost():
        rng = None if dropout_seed is None else Draws.all_from(np.random.default_rng(dropout_seed))
        trace = network.forward(X, training=True, rng=rng)
        m = X.shape[-1]
        penalties = sum(penalty.value(m) for penalty in network.penalties)
        return network.loss.value(trace.values[network.output_slot], Y) / m + penalties

    slopes = np.empty(network.theta.size)
    for k in range(network.theta.size):
        kept = network.theta[k]
        network.theta[k] = kept + epsilon
        above = cost()
        network.theta[k] = kept - epsilon
        below = cost()
        network.theta[k] = kept
        slopes[k] = (above - below) / (2 * epsilon)
    return slopes
