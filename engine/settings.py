"""Training settings: those of the whole network, and those that layers inherit."""

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
        Adam(), title="Optimizer", help="How gradients update the parameters."
    )
    schedule: Schedule = setting(
        ConstantRate(), title="Learning rate decay", help="How the learning rate changes over time."
    )
    batch_size: int | None = setting(
        64,
        title="Batch size",
        help="Examples per mini-batch; empty uses the full training set.",
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
        help="Initializes weights of layers that do not set their own.",
        at_start=True,
    )
    keep_prob: float = setting(
        1.0,
        title="Keep probability",
        help="Dropout for every Dense layer that does not set its own; 1 keeps all units.",
        gt=0,
        le=1,
    )
    batch_norm: bool = setting(
        False,
        title="Batch norm",
        help=("Batch norm for every Dense layer that does not set its own."),
    )
    stopping: StopRule = setting(
        LastEpoch(), title="Stop", help="When to stop before the last epoch."
    )
    clip_norm: float | None = setting(
        None,
        title="Clip by norm",
        help="Scales the whole gradient down to this norm; empty for no clipping.",
        gt=0,
        le=1e9,
    )
    clip_value: float | None = setting(
        None,
        title="Clip by value",
        help="Clips every component of the gradient to ± this value; empty for no clipping.",
        gt=0,
        le=1e9,
    )
    seed: int = setting(
        0,
        title="Seed",
        help=("Sets the random initial weights, shuffling, and dropout."),
        ge=0,
        le=MAX_SEED,
    )
    streams: int = setting(
        SCHEME,
        title="Random streams",
        help="How the seed becomes random numbers; older files keep their scheme.",
        ge=1,
        le=SCHEME,
        hidden=True,
    )
