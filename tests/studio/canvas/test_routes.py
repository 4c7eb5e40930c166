"""Wires go around nodes; labels find room."""

import numpy as np
import pytest

from studio.canvas.labels import place_label
from studio.canvas.routes import WireLane, route

NOBODY = np.empty((0, 4))
OWN = np.array([[-160.0, -40.0, 0.0, 40.0], [400.0, -40.0, 560.0, 40.0]])
START, END = (0.0, 0.0), (400.0, 0.0)
BETWEEN = np.array([[120.0, -40.0, 280.0, 40.0]])


def passes(course, boxes):
    x, y = course.points.T
    return any(((x > a) & (x < c) & (y > b) & (y < d)).any() for a, b, c, d in boxes)


def test_without_obstacles_a_wire_is_one_curve_from_port_to_port():
    course = route(START, END, NOBODY, OWN)
    assert len(course.cubics) == 1 and course.lane is None
    assert course.cubics[0][0] == START and course.cubics[0][3] == END


def test_a_wire_goes_around_a_node():
    course = route(START, END, BETWEEN, OWN)
    assert course.lane is not None and not passes(course, BETWEEN)
    assert course.cubics[0][0] == START and course.cubics[-1][3] == END
    ends = [(a[3], b[0]) for a, b in zip(course.cubics, course.cubics[1:], strict=False)]
    assert all(end == start for end, start in ends)


def test_a_wire_takes_the_nearer_side():
    low = BETWEEN + np.array([0, 30, 0, 30])
    assert route(START, END, low, OWN).lane.y < 0
    assert route(START, END, low - np.array([0, 60, 0, 60]), OWN).lane.y > 0


def test_two_wires_do_not_share_a_lane():
    first = route(START, END, BETWEEN, OWN)
    second = route(START, END, BETWEEN, OWN, np.array([first.lane.box]))
    assert not second.lane.meets(np.array([first.lane.box])) and not passes(second, BETWEEN)


def test_a_wire_back_to_the_left_goes_around_both_of_its_nodes():
    own = np.array([[400.0, -40.0, 560.0, 40.0], [0.0, -40.0, 160.0, 40.0]])
    course = route((560.0, 0.0), (0.0, 0.0), NOBODY, own)
    assert course.lane is not None and not passes(course, own + np.array([1, 1, -1, -1]))


def test_a_wire_that_finds_no_way_is_still_drawn():
    wall = np.array([[100.0, -1e5, 300.0, 1e5]])
    assert len(route(START, END, wall, OWN).cubics) == 1


@pytest.mark.parametrize(("dy", "meets"), [(0.0, True), (11.0, True), (12.0, False)])
def test_lanes_keep_apart(dy, meets):
    assert WireLane(0.0, 0.0, 10.0).meets(np.array([WireLane(dy, 5.0, 20.0).box])) is meets
    assert not WireLane(0.0, 0.0, 10.0).meets(np.array([WireLane(dy, 10.0, 20.0).box]))


def test_a_label_sits_in_the_middle_of_a_free_wire():
    course = route(START, END, NOBODY, OWN)
    x, y = place_label(course, (60, 18), OWN, NOBODY)
    assert x == pytest.approx(200) and y == pytest.approx(0)


def test_a_label_gives_way_to_nodes_and_labels():
    course = route(START, END, NOBODY, OWN)
    x, y = place_label(course, (60, 18), OWN, np.array([[170.0, -9.0, 230.0, 9.0]]))
    assert abs(x - 200) >= 60 or abs(y) >= 14


def test_a_label_keeps_off_other_wires_where_it_can():
    course = route(START, END, NOBODY, OWN)
    crossing = np.array([[200.0, float(y)] for y in range(-100, 100, 5)])
    x, _ = place_label(course, (60, 18), OWN, NOBODY, crossing)
    assert abs(x - 200) > 30
    everywhere = np.array([[float(x), 0.0] for x in range(-100, 500, 5)])
    everywhere = np.concatenate([everywhere + np.array([0.0, dy]) for dy in (-14, 0, 14)])
    assert place_label(course, (60, 18), OWN, NOBODY, everywhere) == pytest.approx((200, 0))


def test_a_label_without_room_is_not_placed():
    course = route(START, (40.0, 0.0), NOBODY, OWN)
    everywhere = np.array([[-500.0, -500.0, 500.0, 500.0]])
    assert place_label(course, (60, 18), everywhere, NOBODY) is None
