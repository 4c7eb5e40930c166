"""How many threads the matrix products may use."""

from __future__ import annotations

import os

from threadpoolctl import threadpool_limits

from engine.network import Network

WORTH_A_THREAD = 40_000_000
"""Multiply-adds in the product of a layer from which a second thread is worth its cost. Below this,
handing work over takes longer than the work itself, and much longer if other programs are busy."""

LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables with which a user limits the threads of matrix products."""


def use_threads_for(network: Network, batch_size: int) -> int:
    """Set the number of threads for the matrix products of a run; returns it.

    The same design and batch size always get the same number on one machine, so a run in the window
    and one on the command line agree bit for bit. Never more than LIMITS allow.
    """
    largest = max((piece.costs.largest_product for piece in network.plan.pieces), default=0)
    threads = min(_most_threads(), max(1, largest * batch_size // WORTH_A_THREAD))
    threadpool_limits(threads, user_api="blas")
    return threads


def _most_threads() -> int:
    """The number of processors, or fewer if the environment limits them."""
    given = [os.environ.get(name, "") for name in LIMITS]
    allowed = [int(text) for text in given if text.isdecimal() and int(text)]
    return min([os.cpu_count() or 1, *allowed])
