"""Workers that run beside each other, and the test that wants to be alone."""

from __future__ import annotations

import threading

import pytest

from tests import turns
from tests.turns import taking_turns

PATIENCE_S = 10.0


class Visitor(threading.Thread):
    """Comes in, and stays until told to leave."""

    def __init__(self, place, alone=False):
        super().__init__()
        self.place, self.alone = place, alone
        self.is_in, self.may_leave = threading.Event(), threading.Event()

    def run(self):
        with taking_turns(self.place, self.alone):
            self.is_in.set()
            self.may_leave.wait(PATIENCE_S)

    def leave(self):
        self.may_leave.set()
        self.join(PATIENCE_S)


@pytest.fixture
def come(tmp_path):
    if turns.fcntl is None:
        pytest.skip("this system has no advisory locks")
    visitors = []

    def come_one(alone=False):
        visitors.append(Visitor(tmp_path, alone))
        visitors[-1].start()
        return visitors[-1]

    yield come_one
    for visitor in visitors:
        visitor.leave()


def test_many_are_in_at_the_same_time(come):
    first, second = come(), come()
    assert first.is_in.wait(PATIENCE_S) and second.is_in.wait(PATIENCE_S)


def test_one_who_wants_to_be_alone_waits_until_all_others_have_left(come):
    first = come()
    assert first.is_in.wait(PATIENCE_S)
    alone = come(alone=True)
    assert not alone.is_in.wait(0.1)
    first.leave()
    assert alone.is_in.wait(PATIENCE_S)


def test_nobody_comes_in_while_one_is_alone_or_waits_for_it(come):
    first = come()
    assert first.is_in.wait(PATIENCE_S)
    alone = come(alone=True)
    assert not alone.is_in.wait(0.1)  # it waits, and holds the door
    late = come()
    assert not late.is_in.wait(0.1)
    first.leave()
    assert alone.is_in.wait(PATIENCE_S) and not late.is_in.is_set()
    alone.leave()
    assert late.is_in.wait(PATIENCE_S)
