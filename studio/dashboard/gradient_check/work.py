"""The work of a gradient check: a snapshot on the training thread, the rest in the background."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine import Network, Trainer
from engine.gradient_check import (
    EpsilonCurve,
    GradientReport,
    check_gradients,
    error_against_epsilon,
)
from studio.running.jobs import Job
from studio.running.session import Session

EXAMPLES = 64
"""The first so many training examples are checked: enough for batch norm, and quick."""
MOST_PARAMETERS = 200_000
"""Larger networks are checked in a sample of each block, which takes seconds instead of minutes."""
SAMPLE = 2_000


class Request(NamedTuple):
    """What is wanted. fault: the kind of a bug to plant, or "". initial: the weights of iteration
    0 instead of the present ones. curve: the error against epsilon, too.
    """

    fault: str = ""
    initial: bool = False
    curve: bool = False


class Snapshot(NamedTuple):
    """What a check needs, copied between two steps, so that training goes on meanwhile."""

    network: Network
    X: Any
    Y: Any
    iteration: int
    has_dropout: bool


class Result(NamedTuple):
    """A report, and what it is about."""

    report: GradientReport
    iteration: int
    has_dropout: bool
    curve: EpsilonCurve | None = None


def take_snapshot(trainer: Trainer) -> Snapshot:
    """Copy weights and examples; runs on the training thread, between two steps."""
    network, data = trainer.network, trainer.train_set
    return Snapshot(
        network.copy(network.dtype.name),
        data.X[..., :EXAMPLES].copy(),
        data.Y[..., :EXAMPLES].copy(),
        trainer.iteration,
        any(part.layer.draws_randomness for part in network.parts),
    )


def run_check(job: Job, session: Session, request: Request) -> Result:
    """Check gradients on the job's thread. Raises EngineError, or CancelledError."""
    snapshot: Snapshot = job.result_of(session.call(take_snapshot))
    network, iteration = snapshot.network, snapshot.iteration
    if request.initial:
        network, iteration = _at_initialization(network), 0
    report = check_gradients(
        network,
        snapshot.X,
        snapshot.Y,
        sample=SAMPLE if network.theta.size > MOST_PARAMETERS else None,
        fault=request.fault or None,
        progress=job.report,
        cancel=job.is_cancelled,
    )
    curve = None
    if request.curve:
        curve = error_against_epsilon(network, snapshot.X, snapshot.Y, cancel=job.is_cancelled)
    return Result(report, iteration, snapshot.has_dropout, curve)


def _at_initialization(network: Network) -> Network:
    """The same network with the weights that its seed draws."""
    twin = network.copy(network.dtype.name)
    twin.draw()
    return twin
