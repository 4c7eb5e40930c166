"""What layers tell of how changes spread is true of every registered layer."""

import numpy as np
import pytest

from engine.layers.kinds import kind_of
from engine.network.parts import as_tuple
from tests.engine.layers.bench import CASES, Bench, M, every_case

STEP = 1e-3
GROUPS = 3


def cases(asked):
    """The cases of which `asked(bench, cache)` is true."""
    found = []
    for case in CASES:
        bench = Bench(*case.values)
        _, cache = bench.forward(training=True)
        if asked(bench, cache):
            found.append(case)
    return pytest.mark.parametrize(("layer", "shapes"), found)


def _multiplied(bench, cache):
    return any(bench.layer.multiplicands(cache, name) is not None for name in bench.params)


def _adds_rows(bench, cache):
    change = np.ones((1, *bench.xs[0].shape[1:]))
    return bench.layer.added_by_rows(bench.params, np.array([0]), change) is not None


@cases(_multiplied)
def test_an_entry_of_a_parameter_adds_its_multiplicand_to_its_row_and_nothing_else(layer, shapes):
    bench = Bench(layer, shapes)
    y, cache = bench.forward(training=True)
    for name, value in bench.params.items():
        inputs = layer.multiplicands(cache, name)
        if inputs is None:
            continue
        row = len(value) - 1
        for column in (0, value[row].size - 1):
            bench.params[name] = changed = value.copy()
            changed[row].flat[column] += STEP
            after, _ = bench.forward(training=True)
            expected = y.copy()
            expected[row] += STEP * inputs[column]
            assert np.allclose(after, expected, rtol=1e-12, atol=1e-12)
        bench.params[name] = value


@cases(lambda bench, cache: bench.layer.keeps_rows)
def test_rows_alone_are_those_of_the_whole(layer, shapes):
    bench = Bench(layer, shapes)
    _, cache = bench.forward(training=True)
    rows = np.array([1, 0, 1])
    x = np.concatenate([Bench(layer, shapes, seed=seed).xs[0] for seed in range(GROUPS)], axis=-1)
    whole, _ = layer.forward_groups(bench.params, bench.state, cache, x, groups=GROUPS)
    some, _ = layer.forward_rows(bench.params, bench.state, cache, rows, x[rows], groups=GROUPS)
    assert np.allclose(some, whole[rows], rtol=1e-13, atol=1e-13)


@cases(_adds_rows)
def test_a_changed_row_adds_to_the_output_what_a_pass_says(layer, shapes):
    bench = Bench(layer, shapes)
    x = bench.xs[0]
    y, _ = bench.forward(training=True)
    rows = np.array([0, len(x) - 1])
    change = np.random.default_rng(1).normal(size=(2, *x.shape[1:]))
    added = layer.added_by_rows(bench.params, rows, change)
    for number, row in enumerate(rows):
        moved = x.copy()
        moved[row] += change[number]
        after, _ = bench.forward(training=True, xs=[moved])
        assert np.allclose(y + added[:, number], after, rtol=1e-12, atol=1e-12)


@every_case
def test_a_kink_shows_in_the_branches(layer, shapes):
    """At whole numbers, where signs change and maxima tie."""
    bench = Bench(layer, shapes)
    tokens = [shape is not None and kind_of(shape) == "tokens" for shape in shapes]
    rng = np.random.default_rng(2)
    steps = [
        x if x is None else (not fixed) * rng.normal(size=x.shape)
        for x, fixed in zip(bench.xs, tokens, strict=True)
    ]

    def at(share):
        xs = [
            x if x is None else x.round() + share * dx
            for x, dx in zip(bench.xs, steps, strict=True)
        ]
        y, cache = bench.forward(True, xs)
        return np.concatenate([each.ravel() for each in as_tuple(y)]), layer.branches(cache)

    (low, below), (middle, _), (high, above) = (at(share) for share in (-1e-5, 0.0, 1e-5))
    if np.abs(low - 2 * middle + high).max() > 1e-7:
        assert below is not None and below.shape[-1] == M
        assert not np.array_equal(below, above)
