"""The scripts in resources/scripts do what they say."""

from __future__ import annotations

import re
import runpy

import pytest

from engine import resources

pytestmark = pytest.mark.slow


@pytest.fixture
def said(capsys):
    """A function: runs a script and returns what it printed."""

    def run(name: str) -> str:
        runpy.run_path(str(resources.path("scripts") / name), run_name="__main__")
        return capsys.readouterr().out

    return run


def test_the_network_of_the_first_script_learns_the_moons(said):
    lines = said("train.py").splitlines()
    costs = [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("epoch")]
    assert len(costs) == 4 and costs[-1] < costs[0]
    (accuracy,) = re.findall(r"accuracy ([\d.]+)%", lines[-1])
    assert float(accuracy) >= 95


def test_nudging_by_hand_agrees_with_back_propagation(said):
    by_hand, by_engine = said("check_a_gradient.py").splitlines()
    parameters, error = re.findall(r"(\d+) parameters, relative error by hand (\S+)", by_hand)[0]
    assert int(parameters) == 2 * 4 + 4 + 4 + 1
    assert float(error) < 1e-6
    assert by_engine == "Every gradient agrees with the numerical one."


def test_all_optimizers_begin_at_the_same_cost_and_lower_it(said):
    _, *rows = said("compare_optimizers.py").splitlines()
    found = [re.findall(r"([\d.]+) +([\d.]+) +([\d.]+)%$", row)[0] for row in rows]
    first, last, accuracy = zip(*(map(float, row) for row in found), strict=True)
    assert len(rows) == 4 and len(set(first)) == 1
    assert max(last) < first[0] / 2
    assert min(accuracy) > 60


def test_every_script_is_run_here():
    scripts = {path.name for path in resources.path("scripts").glob("*.py")}
    assert scripts == {"train.py", "check_a_gradient.py", "compare_optimizers.py"}
