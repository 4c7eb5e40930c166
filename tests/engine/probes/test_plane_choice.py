"""A plane that was chosen for other data: what these data do not have gives the default plane."""

import pytest

from engine.data import DataPlan
from engine.probes.plane import COMPONENT, FEATURE, PlaneAxis, PlaneChoice, default_choice, plane_of

FIRST = PlaneAxis(FEATURE, 0)


@pytest.mark.parametrize(
    "choice",
    [
        PlaneChoice(PlaneAxis(FEATURE, 31), FIRST),
        PlaneChoice(FIRST, PlaneAxis(FEATURE, 2)),
        PlaneChoice(PlaneAxis(COMPONENT, 0), PlaneAxis(COMPONENT, 5)),
        PlaneChoice(FIRST, PlaneAxis(FEATURE, 1), rest=10_000),
    ],
)
def test_a_plane_of_what_the_data_do_not_have_is_the_default_one(choice):
    data = DataPlan(source={"kind": "circles", "points": 60}).build()
    assert plane_of(data, choice).choice == default_choice(data)


def test_a_plane_of_what_the_data_have_is_the_chosen_one():
    data = DataPlan(source="iris").build()
    choice = PlaneChoice(PlaneAxis(FEATURE, 3), PlaneAxis(COMPONENT, 3), rest=0)
    assert plane_of(data, choice).choice == choice
