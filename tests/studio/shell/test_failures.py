"""A fault of the program is told of in the window, and printed."""

import sys
import threading

import pytest

from studio.shell.failures import MOST_CHARACTERS, Failures
from studio.shell.message_bar import MessageBar


@pytest.fixture
def printed(monkeypatch):
    """What is printed instead of a traceback."""
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: seen.append(error))
    return seen


@pytest.fixture
def bar(qtbot, printed):
    bar, failures = MessageBar(), Failures()
    qtbot.addWidget(bar)
    failures.told.connect(bar.tell)
    failures.watch()
    yield bar
    failures.stop()


def fail(error):
    """As Python does when nobody catches an exception."""
    try:
        raise error
    except type(error):
        sys.excepthook(*sys.exc_info())


def test_an_exception_is_printed_and_told_in_whole_sentences(bar, printed):
    fail(KeyError("units"))
    assert [str(error) for error in printed] == ["'units'"]
    assert "(KeyError: 'units')" in bar.text
    assert bar.text.startswith("An internal error occurred") and bar.text.endswith("terminal.")


def test_a_long_message_is_shortened_and_kept_on_one_line(bar):
    fail(ValueError("one\ntwo " * 200))
    assert "\n" not in bar.text and len(bar.text) < MOST_CHARACTERS + 200


def test_ctrl_c_is_no_fault(bar, printed):
    fail(KeyboardInterrupt())
    assert printed and bar.text == ""


def test_a_fault_on_another_thread_is_told_on_the_windows_thread(bar, qtbot):
    thread = threading.Thread(target=lambda: fail(RuntimeError("elsewhere")))
    thread.start()
    thread.join()
    assert bar.text == "", "no widget is touched from there"
    qtbot.waitUntil(lambda: "elsewhere" in bar.text)


def test_afterwards_exceptions_go_where_they_went_before(printed, qapp):
    before = sys.excepthook
    failures = Failures()
    failures.watch()
    assert sys.excepthook != before
    failures.stop()
    assert sys.excepthook is before
