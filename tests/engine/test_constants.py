"""Constants: the right values in the right dtype, shared, and safe from writers."""

import numpy as np
import pytest

import engine.constants
from engine.constants import mean_column, number, zeros

dtypes = pytest.mark.parametrize("dtype", [np.dtype("float32"), np.dtype("float64")])


@dtypes
def test_a_number_keeps_the_dtype_of_what_it_is_computed_with(dtype):
    half = number(0.5, dtype)
    assert (half.shape, half.dtype, float(half)) == ((), dtype, 0.5)
    assert (np.ones(3, dtype) * half).dtype == dtype
    assert number(0.1, np.dtype("float32")) == np.float32(0.1)
    assert number(0.1, np.dtype("float64")) == 0.1


@dtypes
def test_a_product_with_the_mean_column_is_the_mean_over_examples(dtype):
    x = np.array([[1, 2, 3, 6], [0, 0, 0, 4]], dtype)
    assert np.array_equal(x.dot(mean_column(4, dtype)), [[3], [1]])


@dtypes
def test_zeros_have_the_shape_asked_for_unless_it_is_very_large(dtype, monkeypatch):
    assert np.array_equal(zeros((2, 3), dtype), np.zeros((2, 3), dtype))
    monkeypatch.setattr(engine.constants, "LARGEST_KEPT_ZEROS", 10)
    large = zeros((4, 7), dtype)
    assert large.shape == (1, 1)
    assert np.array_equal(np.maximum(np.full((4, 7), -1, dtype), large), np.zeros((4, 7)))


@dtypes
@pytest.mark.parametrize(
    "constant", [lambda t: number(2.0, t), lambda t: zeros((2,), t), lambda t: mean_column(3, t)]
)
def test_constants_are_shared_and_cannot_be_written_to(constant, dtype):
    array = constant(dtype)
    assert constant(dtype) is array
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 1
