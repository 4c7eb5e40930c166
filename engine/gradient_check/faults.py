"""Classic bugs of hand-written back-propagation, to plant for a class and let the check find."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from engine.design.sharing import owner_of
from engine.errors import TrainingError
from engine.layers import Layer
from engine.network import Network
from engine.network.parts import Part, Pass, as_tuple
from engine.spec import Family, setting

Array = np.ndarray


class Fault(Family):
    """Base of all faults. The layers stay right: a fault changes what comes out of their backward.

    A new fault is one class with `places` and either `backward` or `finish`. Its docstring explains
    it to a class: `explanation`.
    """

    needs_dropout: ClassVar[bool] = False
    """True where the fault shows only while dropout is on; the check then holds a mask."""
    node: str | None = setting(
        None, title="Layer", help="Layer with the fault; empty for the middle one that fits."
    )

    @property
    def explanation(self) -> str:
        """What the bug is and how it shows, for the classroom."""
        return " ".join((type(self).__doc__ or "").split())

    def fits(self, network: Network, part: Part) -> bool:
        """Whether the fault can be made in this part, with an effect."""
        raise NotImplementedError

    def places(self, network: Network) -> list[str]:
        """Names of the nodes where the fault can be planted: not those that share parameters."""
        found = dict.fromkeys(p.node for p in network.parts if self.fits(network, p))
        return [node for node in found if owner_of(network.specs[node]) is None]

    def part_of(self, network: Network) -> Part:
        """The part that gets the fault. Raises TrainingError where there is none."""
        places = self.places(network)
        if not places or (self.node is not None and self.node not in places):
            where = "this network" if self.node is None else f"'{self.node}'"
            raise TrainingError(
                f"The bug '{self.title}' cannot be planted in {where}.",
                node=self.node if self.node in network.specs else None,
                hint=f"It fits these layers: {', '.join(places)}."
                if places
                else "Choose another bug.",
            )
        node = self.node or places[len(places) // 2]
        return next(p for p in network.parts if p.node == node and self.fits(network, p))

    def backward(
        self, part: Part, cache: Any, dy: Array, layer: Layer, need_dx: bool
    ) -> tuple[Array, ...]:
        """The faulty backward of a part; `layer` is the sound one."""
        return layer.backward(part.params, part.grads, cache, dy, need_dx=need_dx)

    def finish(self, network: Network, part: Part, m: int) -> None:
        """Spoil a part's gradients once they are complete, penalties included."""


class ForgotMean(Fault):
    """The 1/m before dW and db is forgotten: both come out m times too large. Training with it
    looks like training with a learning rate m times too large.
    """

    title = "Forgot 1/m"

    def fits(self, network: Network, part: Part) -> bool:
        return bool(part.layer.weights)

    def backward(
        self, part: Part, cache: Any, dy: Array, layer: Layer, need_dx: bool
    ) -> tuple[Array, ...]:
        dxs = layer.backward(part.params, part.grads, cache, dy, need_dx=need_dx)
        m = next(each.shape[-1] for each in as_tuple(dy) if each is not None)
        for gradient in part.grads.values():
            np.multiply(gradient, m, out=gradient)
        return dxs


class SignOfDb(Fault):
    """db has the wrong sign: the biases climb the cost instead of descending. The weights often
    make up for it, so that the network still learns, only worse.
    """

    title = "Wrong sign of db"

    def fits(self, network: Network, part: Part) -> bool:
        return "b" in part.params

    def finish(self, network: Network, part: Part, m: int) -> None:
        part.grads["b"][...] *= -1


class DoubledDW(Fault):
    """dW is twice what it should be: a factor 2 left over from differentiating a square. Nothing
    visible goes wrong; the layer learns with twice the learning rate.
    """

    title = "Doubled dW"

    def fits(self, network: Network, part: Part) -> bool:
        return "W" in part.params

    def finish(self, network: Network, part: Part, m: int) -> None:
        part.grads["W"][...] *= 2


class MissingL2(Fault):
    """The cost has the L2 term, dW lacks its derivative lambda/m W: the curve shows a
    regularized J, but the weights never decay.
    """

    title = "Missing L2 term in dW"

    def fits(self, network: Network, part: Part) -> bool:
        return bool(_penalized(network, part))

    def finish(self, network: Network, part: Part, m: int) -> None:
        l2 = getattr(network.specs[part.node], "l2", 0.0)
        for name in _penalized(network, part):
            part.grads[name][...] -= l2 / m * part.params[name]


class TransposedW(Fault):
    """Back-propagation takes W, reshaped until it fits, where it needs W^T: dA = W dZ instead of
    dA = W^T dZ. The layer's own dW and db are right; those of all layers below are wrong. For a
    square W no shape complains, which makes this the hardest bug to see.
    """

    title = "W instead of its transpose"

    def fits(self, network: Network, part: Part) -> bool:
        W = part.params.get("W")
        if W is None or part.layer.backward_formula != "Wᵀ dZ":
            return False
        return part.learns_below and min(W.shape) > 1

    def backward(
        self, part: Part, cache: Any, dy: Array, layer: Layer, need_dx: bool
    ) -> tuple[Array, ...]:
        layer.backward(part.params, part.grads, cache, dy, need_dx=False)
        W = part.params["W"]
        return (np.tensordot(W.reshape(W.shape[::-1]), dy, axes=1),)  # (n_in, ..., m)


class ReluDerivativeForgotten(Fault):
    """dZ = dA is taken where dZ = dA * g'(Z) is right: the derivative of the ReLU is forgotten.
    This layer's dW and db are wrong, and so are those of all layers below.
    """

    title = "ReLU derivative forgotten"

    def fits(self, network: Network, part: Part) -> bool:
        function, alone = part.layer.nonlinearity, part.layer.keeps_rows
        return function is not None and function.has_kink and alone and part.learns_below

    def backward(
        self, part: Part, cache: Any, dy: Array, layer: Layer, need_dx: bool
    ) -> tuple[Array, ...]:
        return (dy,)


class NoKeepProbScaling(Fault):
    """Dropout's way back forgets to divide by keep_prob: dA = dA * D. This layer's gradients and
    those below come out keep_prob times too small. A mask is held during the check.
    """

    title = "No division by keep_prob"
    needs_dropout = True

    def fits(self, network: Network, part: Part) -> bool:
        return part.layer.kept_share < 1 and part.learns_below

    def backward(
        self, part: Part, cache: Any, dy: Array, layer: Layer, need_dx: bool
    ) -> tuple[Array, ...]:
        return (dy * (cache > 0),)


def plant(fault: Fault, network: Network, passed: Pass, Y: Array) -> None:
    """Write the gradient that faulty back-propagation gives into `network.gradient`.

    network: a twin, changed in place. passed: its sound pass. Raises TrainingError where the
    fault does not fit.
    """
    part, m = fault.part_of(network), Y.shape[-1]

    def faulty(
        params: Any, grads: Any, cache: Any, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return fault.backward(part, cache, dy, part.layer, need_dx)

    part.backward = faulty
    try:
        network.backward(passed.trace, network.losses_and_gradients(passed.trace, Y)[1])
    finally:
        part.backward = part.layer.backward
    for penalty in network.penalties:
        penalty.add_gradient(m)
    fault.finish(network, part, m)


def _penalized(network: Network, part: Part) -> list[str]:
    node = network.specs[part.node]
    return [name for name in part.layer.weights if getattr(node, "l2", None)]
