"""A table of your own learns well with all the settings that a new window has."""

import numpy as np
import pytest

from studio.shell.stage import open_stage


@pytest.fixture
def house_prices(tmp_path):
    """150 houses: salary and age of the buyer, and the price, as numbers with units."""
    rng = np.random.default_rng(4)
    salary, age = rng.uniform(20_000, 90_000, 150), rng.uniform(18, 80, 150)
    price = np.round(6.5 * salary - 1_500 * age + 20 * age**2 + rng.normal(0, 8_000, 150))
    path = tmp_path / "house-prices.csv"
    columns = np.column_stack([salary, age, price])
    np.savetxt(path, columns, "%.0f", ",", header="salary,age,price", comments="")
    return path


def test_house_prices_are_learned_with_the_settings_of_a_new_window(qtbot, house_prices):
    with open_stage() as stage:
        stage.do("open_table", path=house_prices)
        table = stage.window("data_import")
        stage.wait(until="idle")
        table.set("read", True)
        stage.wait(until="idle", seconds=60)
        project = stage.main.document.project
        assert project.data.normalize and project.design.nodes["x"].keep_prob == 1.0
        stage.do("play")
        stage.wait(until="finished", seconds=60)
        assert stage.measure("dev.score") > 0.95
        assert stage.main.session.history.alarms == []
        stage.do("undo")
        assert stage.main.document.project.data.source.has_pixels
        assert not stage.main.document.project.data.normalize
