"""Rules: the line of the lecture for a layer's way back, in symbols alone."""

from __future__ import annotations

from functools import singledispatch

from engine.layers import Activation, Add, BatchNorm, Dropout, Layer
from engine.layers.dense import Linear


@singledispatch
def way_back(layer: Layer) -> str:
    """The derivative of a layer's input, from that of its output."""
    return f"back through {layer.title}"


@way_back.register
def _(layer: Linear) -> str:
    return "Wᵀ dZ"


@way_back.register
def _(layer: Activation) -> str:
    return "dA ⊙ g′(Z)"


@way_back.register
def _(layer: BatchNorm) -> str:
    if not layer.trainable:  # μ and σ² are constants
        return "γ / √(σ² + ε) ⊙ dZ̃"
    return "γ / √(σ² + ε) ⊙ (dZ̃ − mean dZ̃ − Z_norm ⊙ mean(dZ̃ ⊙ Z_norm))"


@way_back.register
def _(layer: Dropout) -> str:
    return "dA ⊙ D / keep_prob"


@way_back.register
def _(layer: Add) -> str:
    return "dA of the sum"


@singledispatch
def gradients(layer: Layer) -> list[str]:
    """The gradients of a layer's parameters."""
    return []


@gradients.register
def _(layer: Linear) -> list[str]:
    dW = "dW = 1/m dZ Aᵀ"
    return [dW, "db = 1/m Σ dZ"] if layer.bias else [dW]


@gradients.register
def _(layer: BatchNorm) -> list[str]:
    return ["dγ = 1/m Σ dZ̃ ⊙ Z_norm", "dβ = 1/m Σ dZ̃"]
