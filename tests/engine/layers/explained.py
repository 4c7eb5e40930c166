"""Holds what a layer explains against its pass."""

import numpy as np

from engine.layers.explanation import Cell

CELLS = 5


def compare_all(layer, passed):
    """Some cells of every array that the layer must explain, and their factors in turn."""
    given = {*layer.inputs, *passed.params, *(f"d{name}" for name in layer.outputs)}
    wanted = passed.arrays.keys() - given
    assert {f"d{name}" for name in passed.params} | set(layer.outputs) <= wanted
    rng, seen = np.random.default_rng(11), set()
    for name in sorted(wanted):
        for _ in range(CELLS):
            index = tuple(int(rng.integers(size)) for size in passed[name].shape)
            told = layer.explain(passed, Cell(name, index))
            assert told.formula
            _compare(told, passed[name][index])
            _explain_in_turn(layer, passed, told, seen)


def _compare(told, value):
    scale = told.magnitude if told.function is None else max(told.magnitude, 1) * abs(value)
    assert abs(told.value - value) <= 1e-12 * scale, told.cell


def _explain_in_turn(layer, passed, told, seen):
    """Factors are cells of the pass, or intermediate quantities that the layer explains, too, each
    once: a recurrent layer's lead from step to step."""
    for factor in (factor for part in told.terms for factor in part.factors):
        for cell, value in list(zip(factor.cells.tolist(), factor.values, strict=True))[:3]:
            place = (factor.array, *cell)
            if factor.array in passed:
                assert passed[factor.array][tuple(cell)] == value
            elif place not in seen:
                seen.add(place)
                inner = layer.explain(passed, Cell(factor.array, tuple(cell)))
                _compare(inner, value)
                _explain_in_turn(layer, passed, inner, seen)
