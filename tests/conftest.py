"""For all tests: no screen, no user's settings, no thread or window left, oracles on request,
and workers that wait for each other where a test wants to be alone.

The environment is set while pytest loads this file, which is before any test imports Qt.
"""

import gc
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests.turns import taking_turns

THREAD_PATIENCE_S = 2.0
HOME = Path(tempfile.mkdtemp(prefix="backprop-studio-tests-"))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_variable] = str(HOME / _variable.lower())


def pytest_addoption(parser):
    parser.addoption(
        "--oracles",
        action="store_true",
        help="run the tests that compare with PyTorch and scikit-learn, too",
    )
    parser.addoption(
        "--mutations",
        type=int,
        default=2_000,
        metavar="N",
        help="so many mutations of a design, and in proportion of other files, with --oracles",
    )


def pytest_runtest_setup(item):
    if item.get_closest_marker("oracle") and not item.config.getoption("--oracles"):
        pytest.skip("oracle tests skipped: run packaging/test.py --oracles")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tells a worker of pytest-xdist where all workers meet."""
    node.workerinput["meeting_place"] = str(HOME)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    place = getattr(item.config, "workerinput", {}).get("meeting_place")
    if place is None:  # nobody else runs tests
        return (yield)
    with taking_turns(Path(place), item.get_closest_marker("alone") is not None):
        return (yield)


def pytest_unconfigure():
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """Fails a test that leaves a thread running or a window alive."""
    threads = set(threading.enumerate())
    windows = set(_windows())
    with pytest.MonkeyPatch.context() as patch:
        qt_threads = _record_qt_threads(patch)
        gc.disable()  # a widget collected on a test's training thread would bring Qt down
        yield
    gc.enable()
    if "PySide6.QtCore" in sys.modules:
        gc.collect(1)
    left = [thread.name for thread in threading.enumerate() if _still_runs(thread, threads)]
    left += [str(thread) for thread in qt_threads if _qt_thread_still_runs(thread)]
    if set(_windows()) - windows:
        gc.collect()  # a window in a reference cycle is not a leak
        left += [repr(window) for window in set(_windows()) - windows]
    if left:
        pytest.fail(f"The test left behind: {', '.join(left)}.", pytrace=False)


def _still_runs(thread, before):
    if thread in before or (thread.daemon and thread.name != "training"):
        return False
    thread.join(THREAD_PATIENCE_S)
    return thread.is_alive()


def _record_qt_threads(patch):
    """The list that fills with every QThread started from now on."""
    started = []
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QThread

        start = QThread.start

        def start_and_record(thread, *arguments):
            started.append(thread)
            start(thread, *arguments)

        patch.setattr(QThread, "start", start_and_record)
    return started


def _qt_thread_still_runs(thread):
    from shiboken6 import isValid

    return isValid(thread) and not thread.wait(int(1000 * THREAD_PATIENCE_S))


def _windows():
    """The windows without a parent, once what was deleted later is deleted. Menus may be cached."""
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication, QMenu

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return [
        window
        for window in QApplication.topLevelWidgets()
        if window.parent() is None and not isinstance(window, QMenu)
    ]
