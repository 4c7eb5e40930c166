"""How many threads the matrix products may use."""

from __future__ import annotations

import os

from threadpoolctl import threadpool_limits

from engine.network import Network

WORTH_A_THREAD = 40_000_000
"""Multiply-adds in a layer's product from which a second thread gains more than it costs. Below it,
handing over work takes longer than the work, and many times longer if other programs are busy."""

LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables by which a user limits the threads of the matrix products."""


def use_threads_for(network: Network, batch_size: int) -> int:
    """Set the number of threads of this process' matrix products for a run; returns it.

    A given design and batch size always get the same number on one machine, so that a run in the
    window and one on the command line agree bit for bit. Never more than LIMITS allow.
    """
    largest = max((piece.costs.largest_product for piece in network.plan.pieces), default=0)
    threads = min(_most_threads(), max(1, largest * batch_size // WORTH_A_THREAD))
    threadpool_limits(threads, user_api="blas")
    return threads


def _most_threads() -> int:
    """The processors of this machine, or fewer where the environment says so."""
    given = [os.environ.get(name, "") for name in LIMITS]
    allowed = [int(text) for text in given if text.isdecimal() and int(text)]
    return min([os.cpu_count() or 1, *allowed])
