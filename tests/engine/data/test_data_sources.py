"""Contract of every data source in the registry: shapes, seeds, files, limits."""

import numpy as np
import pytest

import engine.data
from engine.data import DataSource
from engine.errors import DataError, SpecError
from engine.spec import extra, limits

KINDS = DataSource.kinds()
GENERATED = [kind for kind in KINDS if "points" in DataSource.registry[kind].model_fields]


def bad_values():
    """Every limited field of every source, with a value just outside each of its limits."""
    for kind in KINDS:
        for name, info in DataSource.registry[kind].model_fields.items():
            rule = limits(info)
            whole = info.annotation is int
            for key, direction in (("ge", -1), ("le", 1)):
                if key in rule:
                    step = 1 if whole else 1e-6
                    yield kind, name, rule[key] + direction * step


def edge_values():
    for kind in KINDS:
        for name, info in DataSource.registry[kind].model_fields.items():
            for value in limits(info).values():
                yield kind, name, value


def test_all_the_promised_sources_are_there():
    assert set(KINDS) >= {
        "mnist-10k", "blobs", "circles", "moons", "spirals", "xor", "flower", "curve", "discs",
        "iris", "wine", "breast-cancer", "digits-8x8",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_loads_a_sound_data_set(kind):
    data = engine.data.load(kind, seed=3)
    assert data.X.shape == (data.n_x, data.m)
    assert data.X.dtype == data.Y.dtype == np.float32
    assert np.isfinite(data.X).all() and np.isfinite(data.Y).all()
    assert data.X.flags.f_contiguous and data.Y.flags.f_contiguous
    assert (data.name, data.seed) == (kind, 3)
    assert data.n_y == {"binary": 1, "regression": 1}.get(data.task, len(data.classes))


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_knows_how_many_examples_it_gives(kind):
    source = DataSource.registry[kind]()
    data = source.load(seed=3)
    assert source.examples() == data.m
    assert source.class_sizes() == tuple(np.bincount(data.groups))


@pytest.mark.parametrize("kind", GENERATED)
def test_the_number_of_examples_follows_the_points(kind):
    source = DataSource.parse({"kind": kind, "points": 101})
    assert source.examples() == source.load().m == 101
    assert source.class_sizes() == tuple(np.bincount(source.load().groups))


def test_a_source_that_does_not_know_its_size_loads_and_counts_once():
    loaded = []

    class _Lazy(DataSource):
        kind = "lazy"

        def load(self, seed=0):
            loaded.append(seed)
            return engine.data.load("moons", points=11)

    assert (_Lazy().examples(), _Lazy().class_sizes(), len(loaded)) == (11, (6, 5), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_data(kind):
    first, second = engine.data.load(kind, seed=5), engine.data.load(kind, seed=5)
    assert np.array_equal(first.X, second.X)
    assert np.array_equal(first.Y, second.Y)


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_gives_another_training_set(kind):
    sets = [engine.data.load(kind, seed=seed).split(0.6, 0.2, 0.2).train.X for seed in (0, 1)]
    assert not np.array_equal(*sets)


@pytest.mark.parametrize("kind", GENERATED)
def test_another_seed_draws_other_points(kind):
    first, second = (np.sort(engine.data.load(kind, seed=seed).X, axis=1) for seed in (0, 1))
    assert not np.allclose(first, second)


@pytest.mark.parametrize("kind", GENERATED)
@pytest.mark.parametrize("points", [10, 37, 1000])
def test_there_are_as_many_points_as_asked_for_in_equal_classes(kind, points):
    data = engine.data.load(kind, points=points)
    assert data.m == points
    if data.task in ("binary", "multi_class"):
        counts = np.bincount(data.labels, minlength=len(data.classes))
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("kind", GENERATED)
def test_generated_classes_come_mixed(kind):
    data = engine.data.load(kind)
    if data.task in ("binary", "multi_class"):
        assert set(data.labels[:50]) == set(range(len(data.classes)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_survives_a_file(kind):
    source = DataSource.parse(kind)
    assert DataSource.parse(source.to_json()) == source
    changed = source.replace(points=77) if "points" in type(source).model_fields else source
    assert DataSource.parse(changed.to_json()) == changed


@pytest.mark.parametrize("kind", KINDS)
def test_menus_and_inspectors_find_their_words(kind):
    source = DataSource.registry[kind]
    assert source.title and source.title[0].isupper()
    assert "Source:" in source.__doc__
    for info in source.model_fields.values():
        assert info.title and info.description.endswith(".")
        assert extra(info, "unit") is not None


@pytest.mark.parametrize(("kind", "name", "value"), list(bad_values()))
def test_a_value_just_outside_its_limits_is_refused(kind, name, value):
    with pytest.raises(SpecError, match="between") as caught:
        DataSource.parse({"kind": kind, name: value})
    assert caught.value.field == name


@pytest.mark.parametrize(("kind", "name", "value"), list(edge_values()))
def test_a_value_at_its_limit_loads(kind, name, value):
    assert np.isfinite(engine.data.load(kind, **{name: value}).X).all()


@pytest.mark.parametrize("seed", [-1, 0.5, "7"])
@pytest.mark.parametrize("kind", GENERATED)
def test_a_bad_seed_is_refused_with_a_sentence(kind, seed):
    with pytest.raises(DataError, match="A seed must be a whole number"):
        engine.data.load(kind, seed=seed)


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("mnist", {}, "There is no data source 'mnist'. Did you mean 'mnist-10k'?"),
        ("tulips", {}, "There is no data source 'tulips'. Known: "),
        ("moons", {"nois": 0.3}, "Moons has no setting 'nois'. Did you mean 'noise'?"),
        ("moons", {"points": 2.5}, "Moons: points must be a whole number between 10 and 100000"),
        (3, {}, "A data source must be a name such as"),
    ],
)
def test_an_unknown_name_or_setting_is_refused_with_a_sentence(name, options, sentence):
    with pytest.raises(SpecError) as caught:
        engine.data.load(name, **options)
    assert sentence in str(caught.value)


def test_a_seed_from_numpy_is_as_good_as_any():
    first = engine.data.load("moons", seed=np.int64(3))
    assert np.array_equal(first.X, engine.data.load("moons", seed=3).X)
