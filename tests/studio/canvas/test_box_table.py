"""BoxTable against looking at each box in turn."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.canvas.box_table import BoxTable

numbers = st.integers(-20, 20).map(float)
boxes = st.tuples(numbers, numbers, numbers, numbers)
changes = st.lists(st.tuples(st.integers(0, 90), boxes | st.none()), max_size=200)


def meets(one, other):
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


@given(changes, boxes)
@settings(max_examples=80, deadline=None)
def test_the_boxes_near_a_place_are_those_that_meet_it(changes, area):
    table, known = BoxTable(), {}
    for key, box in changes:
        if box is None:
            table.drop(key)
            known.pop(key, None)
        else:
            table.put(key, box)
            known[key] = box
    near = {key for key, box in known.items() if meets(box, area)}
    assert set(table.keys_near(area)) == near
    assert sorted(map(tuple, table.near(area))) == sorted(known[key] for key in near)
    few = sorted(near)[:2]
    assert len(table.near(area, but=few)) == len(near) - len(few)
    assert all(tuple(table[key]) == box for key, box in known.items())


def test_an_area_may_be_without_end():
    table = BoxTable([("a", (0.0, 0.0, 1.0, 1.0)), ("b", (5.0, -1e6, 6.0, 1e6))])
    assert table.keys_near((0.5, -math.inf, 2.0, math.inf)) == ["a"]
