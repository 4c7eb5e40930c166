"""The small bundled sets and the multi-label generator: what they hold, and damaged files."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from engine import resources
from engine.data import DataSource, Discs, load
from engine.data.sources.small_sets import SmallSet, read_small
from engine.errors import FileError

SETS = [cls for cls in DataSource.registry.values() if issubclass(cls, SmallSet)]
FOLDER = resources.path("data", "README.md").parent


@pytest.fixture
def make_small_data(monkeypatch):
    """The script packaging/make_small_data.py as a module."""
    script = Path(__file__).parents[3] / "packaging" / "make_small_data.py"
    monkeypatch.syspath_prepend(str(script.parent))
    spec = importlib.util.spec_from_file_location("make_small_data", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("source", SETS, ids=lambda source: source.kind)
def test_the_readme_names_the_file_that_is_shipped(source):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    data = (FOLDER / source.file).read_bytes()
    assert f"{hashlib.sha256(data).hexdigest()}  {source.file}" in readme
    assert f"{len(data):,} " in readme


@pytest.mark.parametrize("source", SETS, ids=lambda source: source.kind)
def test_a_small_set_knows_its_fit_without_its_file(source, monkeypatch, tmp_path):
    expected = source().load().fit
    monkeypatch.setattr(resources, "HOMES", (tmp_path,))
    assert source().fit() == expected


def test_the_species_differ_by_their_petals_as_fisher_found():
    data = load("iris")
    means = [data.X[2, data.labels == label].mean() for label in range(3)]
    assert means == pytest.approx([1.462, 4.26, 5.552], abs=1e-3)
    assert data.X[:, 0].tolist() == pytest.approx([5.1, 3.5, 1.4, 0.2])


def test_wines_and_tumors_have_their_published_ranges():
    wine, tumors = load("wine"), load("breast-cancer")
    proline = wine.X[wine.feature_names.index("proline")]
    assert (proline.min(), proline.max()) == (278, 1680)
    radius = tumors.X[tumors.feature_names.index("mean radius")]
    assert (radius.min(), radius.max()) == pytest.approx((6.981, 28.11))
    worst = tumors.X[tumors.feature_names.index("worst area")]
    assert (worst.min(), worst.max()) == pytest.approx((185.2, 4254.0))
    assert radius[tumors.labels == 0].mean() > radius[tumors.labels == 1].mean()


def test_tiny_digits_are_pictures_in_sixteen_steps():
    data = load("digits-8x8")
    assert (data.n_x, data.m, data.image_shape) == (64, 1797, (1, 8, 8))
    assert set(np.unique(data.X * 16)) == set(range(17))
    zero = data.X[:, data.labels == 0].mean(axis=1).reshape(8, 8)
    assert zero[3:5, 3:5].max() < 0.2
    assert zero[3, 1:3].max() > 0.6


def test_a_damaged_file_is_refused_with_a_sentence(tmp_path):
    file = tmp_path / "iris.npz"
    np.savez(file, values=np.zeros((150, 3), dtype=np.float32), labels=np.zeros(150, np.uint8))
    with pytest.raises(FileError, match=r"The examples in .*iris\.npz' cannot be read: values are"):
        read_small(file, 4, (50, 50, 50), 1.0)
    with pytest.raises(FileError, match="the classes do not have their known sizes"):
        read_small(file, 3, (50, 50, 50), 1.0)
    file.write_bytes(b"none")
    with pytest.raises(FileError, match="cannot be read"):
        read_small(file, 4, (50, 50, 51), 1.0)


@pytest.mark.oracle
def test_the_maker_writes_what_is_shipped(make_small_data):
    pytest.importorskip("sklearn")
    for source in make_small_data.SOURCES:
        assert make_small_data.make(source) == (FOLDER / source.target).read_bytes()


def test_the_maker_refuses_another_file_and_lossy_types(make_small_data, tmp_path):
    (tmp_path / "iris.csv").write_text("other")
    with pytest.raises(SystemExit, match=r"iris\.csv has the SHA-256"):
        make_small_data.check_origin(make_small_data.SOURCES[0], tmp_path / "iris.csv")
    with pytest.raises(SystemExit, match="does not fit uint8"):
        make_small_data.shrink(np.array([0.5]), np.uint8)


def test_a_point_has_the_label_of_every_disc_that_covers_it():
    data = Discs(noise=0.0, points=2000).load(seed=1)
    assert data.task == "multi_label"
    assert set(data.Y.sum(axis=0)) == {0, 1, 2, 3}
    top = np.hypot(data.X[0], data.X[1] - 0.8) < 1.0
    assert np.array_equal(data.Y[0], top)
