"""Activation functions: derivatives against differences, hand-worked values, extremes."""

import math

import numpy as np
import pytest

from engine.activations import ActivationFunction, Gelu, LeakyRelu, Softmax, sigmoid
from engine.errors import SpecError

LARGE = 1e4
MEMBERS = [member() for member in ActivationFunction.registry.values()] + [
    LeakyRelu(slope=0.3),
    ActivationFunction.parse({"kind": "elu", "alpha": 0.5}),
    Gelu(form="exact"),
]
every = pytest.mark.parametrize("g", MEMBERS, ids=lambda g: str(g.to_json()))


def _points(seed, dtype="float64"):
    """(4, 6) values on both sides of 0, none within 0.1 of it, where some functions have a kink."""
    z = np.random.default_rng(seed).uniform(0.1, 3, (4, 6))
    return (z * np.random.default_rng(seed + 1).choice([-1, 1], z.shape)).astype(dtype)


@every
def test_the_derivative_agrees_with_central_differences(g, slope, relative_error):
    z, da = _points(0), np.random.default_rng(2).normal(size=(4, 6))
    dz = g.backward(da, z, g.forward(z))
    assert relative_error(dz, slope(lambda z: float(np.sum(da * g.forward(z))), z)) < 1e-8


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_shape_of_the_argument_are_those_of_the_result(g, dtype):
    for shape in ((3, 5), (1, 1), (2, 3, 4, 5)):
        z = np.random.default_rng(0).normal(size=shape).astype(dtype)
        a = g.forward(z)
        dz = g.backward(np.ones_like(z), z, a)
        assert (a.dtype, dz.dtype, a.shape, dz.shape) == (z.dtype, z.dtype, shape, shape)


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_and_derivatives_stay_finite_for_logits_up_to_ten_thousand(g, dtype):
    z = np.array([-LARGE, -1e3, -88, -20, -1e-30, 0, 1e-30, 20, 88, 1e3, LARGE], dtype)[None]
    z = np.concatenate([z, z[:, ::-1]])
    a = g.forward(z)
    dz = g.backward(np.ones_like(z), z, a)
    assert np.isfinite(a).all()
    assert np.isfinite(dz).all()


@every
def test_arguments_are_never_changed(g):
    z, da = _points(3), np.ones((4, 6))
    z.flags.writeable = da.flags.writeable = False
    a = g.forward(z)
    a.flags.writeable = False
    g.backward(da, z, a)


@every
def test_a_bounded_function_keeps_its_range_and_saturates_at_its_ends_only(g):
    z = np.array([[-LARGE, 0.0, LARGE], [LARGE, 0.0, -LARGE]])
    a = g.forward(z)
    if g.unit_range is None:
        assert g.saturated(a) is None
        assert np.abs(a).max() > 1
    else:
        low, high = g.unit_range
        assert (a.min(), a.max()) == (low, high)
        assert g.saturated(a).tolist() == [[True, False, True], [True, False, True]]


@every
def test_only_functions_that_can_die_are_flat_for_all_negative_values(g):
    z = -_points(4).__abs__()
    a = g.forward(z)
    dead = not a.any() and not g.backward(np.ones_like(z), z, a).any()
    assert dead == g.can_die


@every
def test_the_slope_jumps_at_zero_only_where_a_kink_is_declared(g):
    z = np.array([[-1e-9, 1e-9], [0.7, 0.7]])
    dz = g.backward(np.array([[1.0, 1.0], [0.0, 0.0]]), z, g.forward(z))
    assert (abs(dz[0, 1] - dz[0, 0]) > 1e-6) == g.has_kink


@every
def test_a_function_survives_json_and_names_its_formula(g):
    assert ActivationFunction.parse(g.to_json()) == g
    assert g.formula.startswith("a")
    assert "Source" in type(g).__doc__


@pytest.mark.parametrize("member", ActivationFunction.registry.values())
def test_values_just_outside_limits_are_refused_by_name(member, outside_limits):
    for field, value in outside_limits(member):
        with pytest.raises(SpecError, match=f"{member.title}: {field} must be"):
            member(**{field: value})


@pytest.mark.parametrize(
    ("kind", "z", "a", "slope_there"),
    [
        ("relu", 3.0, 3.0, 1.0),
        ("relu", -2.0, 0.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("tanh", 0.0, 0.0, 1.0),
        ("tanh", math.atanh(0.5), 0.5, 0.75),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("sigmoid", math.log(3), 0.75, 0.1875),
        ("linear", -7.0, -7.0, 1.0),
        ("leaky_relu", -2.0, -0.02, 0.01),
        ("elu", -math.log(2), -0.5, 0.5),
        ("softplus", 0.0, math.log(2), 0.5),
        ("swish", 0.0, 0.0, 0.5),
        ("swish", math.log(3), 0.75 * math.log(3), 0.75 + 0.25 * 0.75 * math.log(3)),
        ("gelu", 0.0, 0.0, 0.5),
    ],
)
def test_values_and_slopes_are_those_worked_out_by_hand(kind, z, a, slope_there):
    g, z = ActivationFunction.parse(kind), np.array([[z]])
    assert g.forward(z)[0, 0] == pytest.approx(a, abs=1e-15)
    assert g.backward(np.ones((1, 1)), z, g.forward(z))[0, 0] == pytest.approx(slope_there)


def test_the_exact_gelu_is_z_times_the_normal_distribution_and_tanh_is_near():
    z = np.linspace(-4, 4, 41)[None]
    exact = Gelu(form="exact").forward(z)
    normal = [0.5 * math.erfc(-value / math.sqrt(2)) for value in z[0]]
    assert np.allclose(exact[0], z[0] * normal, rtol=0, atol=1e-15)
    assert np.abs(Gelu().forward(z) - exact).max() < 5e-4


def test_softmax_gives_the_lectures_example():
    a = Softmax().forward(np.array([[5.0], [2.0], [-1.0], [3.0]]))
    assert a.ravel().round(3).tolist() == [0.842, 0.042, 0.002, 0.114]


def test_softmax_is_a_distribution_that_a_shift_leaves_as_it_is():
    z = _points(5)
    a = Softmax().forward(z)
    assert np.allclose(a.sum(axis=0), 1)
    assert np.allclose(a, Softmax().forward(z + 1000.0))


@pytest.mark.parametrize(("dtype", "rel"), [("float32", 2e-3), ("float64", 1e-11)])
def test_a_small_sigmoid_keeps_its_digits(dtype, rel):
    z = np.linspace(-80, -4, 77)
    expected = np.exp(z) / (1 + np.exp(z))
    found = sigmoid(z.astype(dtype))
    assert found.dtype == dtype
    assert found == pytest.approx(expected, rel=rel, abs=0)
    assert sigmoid(np.array([-1e4, 1e4], dtype)).tolist() == [0, 1]
