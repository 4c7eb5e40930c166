"""Cyclic garbage goes on the window's thread, and only there."""

from __future__ import annotations

import gc
import threading
import weakref

from studio.shell.garbage import GarbageCollector


class Knot:
    """Holds itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.itself = self


def test_a_thread_that_allocates_collects_nothing(qtbot):
    collector = GarbageCollector()
    try:
        knot = weakref.ref(Knot())
        hoard: list[list[int]] = []
        worker = threading.Thread(target=lambda: hoard.extend([n] for n in range(50_000)))
        worker.start()
        worker.join()
        assert knot() is not None
        collector.collect()
        assert knot() is None
    finally:
        collector.close()
        gc.disable()  # as the fixture of all tests had it


def test_the_timer_looks_by_itself(qtbot):
    collector = GarbageCollector()
    try:
        knot = weakref.ref(Knot())
        hoard = [[n] for n in range(50_000)]
        qtbot.waitUntil(lambda: knot() is None)
        assert hoard
    finally:
        collector.close()
        gc.disable()


def test_closing_leaves_it_to_python_again(qtbot):
    GarbageCollector().close()
    assert gc.isenabled()
    gc.disable()
