"""The work of a gradient check: a snapshot on the training thread, the rest in the background."""

from __future__ import annotations

from typing import NamedTuple

from engine import Network
from engine.data import Dataset
from engine.gradient_check import (
    EpsilonCurve,
    GradientReport,
    check_gradients,
    error_against_epsilon,
)
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Origin, Snapshot
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


class Result(NamedTuple):
    """A report, and what it is about. origin: of the weights, which are those of iteration 0 where
    that was wanted."""

    report: GradientReport
    origin: Origin
    has_dropout: bool
    curve: EpsilonCurve | None = None

    @property
    def iteration(self) -> int:
        """That of the weights."""
        return self.origin.iteration


def run_check(job: Job, session: Session, request: Request) -> Result:
    """Check gradients on the job's thread. Raises EngineError, or CancelledError."""
    snapshot: Snapshot = job.result_of(session.snapshot())
    network, origin = own_network(snapshot), snapshot.origin
    examples = _first(snapshot.all_targets.train)
    if request.initial:
        network, origin = _at_initialization(network), origin._replace(iteration=0, epoch=0)
    report = check_gradients(
        network,
        examples.X,
        examples.Y,
        sample=SAMPLE if network.theta.size > MOST_PARAMETERS else None,
        fault=request.fault or None,
        progress=job.report,
        cancel=job.is_cancelled,
    )
    curve = None
    if request.curve:
        curve = error_against_epsilon(network, examples.X, examples.Y, cancel=job.is_cancelled)
    return Result(report, origin, _has_dropout(network), curve)


def _first(data: Dataset) -> Dataset:
    return data.take(range(min(EXAMPLES, data.m)))


def _has_dropout(network: Network) -> bool:
    return any(part.layer.draws_randomness for part in network.parts)


def _at_initialization(network: Network) -> Network:
    """The same network with the weights that its seed draws."""
    twin = network.copy(network.dtype.name)
    twin.draw()
    return twin
