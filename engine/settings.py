"""Training settings: what holds for the whole network, and what layers inherit."""

from __future__ import annotations

from engine.initializers import He, Initializer
from engine.optimizers import Adam, Optimizer
from engine.schedules import ConstantRate, Schedule
from engine.spec import Spec, setting
from engine.stopping import LastEpoch, StopRule
from engine.streams import SCHEME

MAX_SEED = 2**31 - 1


class TrainingSettings(Spec):
    """How a network is trained. A layer's field of the same name overrides it where it is set."""

    title = "Training"

    optimizer: Optimizer = setting(
        Adam(), title="Optimizer", help="How parameters are updated from their gradients."
    )
    schedule: Schedule = setting(
        ConstantRate(), title="Learning rate decay", help="How the learning rate changes over time."
    )
    batch_size: int | None = setting(
        64,
        title="Batch size",
        help="Examples in a mini-batch; empty takes the full training set at once.",
        unit="examples",
        ge=1,
        le=10_000_000,
    )
    epochs: int = setting(
        20, title="Epochs", help="Passes over the training set.", ge=1, le=10_000_000
    )
    l2: float = setting(0.0, title="L2 λ", help="Adds λ/(2m) Σ‖W‖² to the cost J.", ge=0, le=1e6)
    l1: float = setting(0.0, title="L1 λ", help="Adds λ/(2m) Σ|W| to the cost J.", ge=0, le=1e6)
    initializer: Initializer = setting(
        He(),
        title="Initializer",
        help="How weights are drawn where a layer says nothing.",
        at_start=True,
    )
    keep_prob: float = setting(
        1.0,
        title="Keep probability",
        help="Dropout for every Dense layer that says nothing; 1 keeps all units.",
        gt=0,
        le=1,
    )
    batch_norm: bool = setting(
        False, title="Batch norm", help="Batch norm in every Dense layer that says nothing."
    )
    stopping: StopRule = setting(
        LastEpoch(), title="Stop", help="Whether the run may end before its last epoch."
    )
    clip_norm: float | None = setting(
        None,
        title="Clip by norm",
        help="The whole gradient is scaled to at most this norm; empty does not clip.",
        gt=0,
        le=1e9,
    )
    clip_value: float | None = setting(
        None,
        title="Clip by value",
        help="Every component of the gradient is kept within ± this; empty does not clip.",
        gt=0,
        le=1e9,
    )
    seed: int = setting(
        0, title="Seed", help="Fixes initial weights, shuffling and dropout.", ge=0, le=MAX_SEED
    )
    streams: int = setting(
        SCHEME,
        title="Random streams",
        help="How the seed becomes random numbers; an older file keeps its way.",
        ge=1,
        le=SCHEME,
        hidden=True,
    )
