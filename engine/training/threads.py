"""How many threads the matrix products may use."""

from __future__ import annotations

import os

from threadpoolctl import threadpool_limits

from engine.network import Network

WORTH_A_THREAD = 40_000_000
"""Multiply-adds in a layer's product from which a second thread gains more than it costs. Below it,
handing over work takes longer than the work, and many times longer if other programs are busy."""


def use_threads_for(network: Network, batch_size: int) -> int:
    """Set the number of threads of this process' matrix products for a run; returns it.

    A given design and batch size always get the same number on one machine, so that a run in the
    window and one on the command line agree to the last bit.
    """
    largest = max((block.stop - block.start for block in network.blocks), default=0)
    threads = min(os.cpu_count() or 1, max(1, largest * batch_size // WORTH_A_THREAD))
    threadpool_limits(threads, user_api="blas")
    return threads
