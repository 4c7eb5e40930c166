"""Optimizers take the steps that one works out by hand, in place, in any dtype, in any pieces."""

import math
import tracemalloc

import numpy as np
import pytest

from engine.errors import SpecError
from engine.optimizers import (
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Optimizer,
    RMSprop,
    decay_weights,
)

ALPHA = 0.1
GRADIENTS = (2.0, -4.0)
"""Every case starts from theta = 1 and takes these two gradients with alpha = 0.1."""

COARSE = {"epsilon": 1.0}  # an epsilon that cannot be overlooked
SPREAD = 4.75 / (1 - 0.75**2)  # Adam's corrected s after both gradients: 76/7
HAND_WORKED = {  # optimizer, theta after each step, slots after both
    "gradient_descent": (GradientDescent(), (0.8, 1.2), ()),
    "momentum": (Momentum(), (0.98, 1.002), (-0.22,)),
    "momentum, classic": (Momentum(form="classic"), (0.8, 1.02), (-2.2,)),
    "momentum, nesterov": (Momentum(nesterov=True), (0.962, 1.0218), (-0.22,)),
    "momentum, classic nesterov": (
        Momentum(form="classic", nesterov=True),
        (0.62, 1.218),
        (-2.2,),
    ),
    "momentum, corrected": (
        Momentum(bias_correction=True),
        (0.8, 0.8 + 0.022 / 0.19),
        (-0.22,),
    ),
    "momentum, corrected nesterov": (
        Momentum(bias_correction=True, nesterov=True),
        (0.8, 0.8 + 0.0598 / 0.271),
        (-0.22,),
    ),
    "rmsprop": (RMSprop(beta=0.75, **COARSE), (0.9, 0.9 + 0.4 / (math.sqrt(4.75) + 1)), (4.75,)),
    "rmsprop, epsilon inside": (
        RMSprop(beta=0.75, epsilon_inside=True, **COARSE),
        (1 - 0.2 / math.sqrt(2), 1 - 0.2 / math.sqrt(2) + 0.4 / math.sqrt(5.75)),
        (4.75,),
    ),
    "adam": (
        Adam(beta1=0.5, beta2=0.75, **COARSE),
        (1 - 0.2 / 3, 1 - 0.2 / 3 + 0.2 / (math.sqrt(SPREAD) + 1)),
        (-1.5, 4.75),
    ),
    "adam, epsilon inside": (
        Adam(beta1=0.5, beta2=0.75, epsilon_inside=True, **COARSE),
        (1 - 0.2 / math.sqrt(5), 1 - 0.2 / math.sqrt(5) + 0.2 / math.sqrt(SPREAD + 1)),
        (-1.5, 4.75),
    ),
    "adamw": (
        AdamW(beta1=0.5, beta2=0.75, weight_decay=0.5, **COARSE),
        (0.95 - 0.2 / 3, 0.95 * (0.95 - 0.2 / 3) + 0.2 / (math.sqrt(SPREAD) + 1)),
        (-1.5, 4.75),
    ),
}
CASES = pytest.mark.parametrize("case", HAND_WORKED)
EVERY = pytest.mark.parametrize("kind", Optimizer.kinds())


def start(optimizer, theta, size=None):
    """Slots and scratch for theta, as a caller makes them."""
    size = size or theta.size
    slots = tuple(np.zeros(size, theta.dtype) for _ in optimizer.slots)
    return slots, tuple(np.full(size, np.nan, theta.dtype) for _ in range(2))


def step(optimizer, theta, gradient, slots, t, *, alpha=ALPHA, scratch=None):
    """A whole update, weight decay included."""
    scratch = scratch or start(optimizer, theta)[1]
    if optimizer.weight_decay:
        decay_weights(theta, alpha, optimizer.weight_decay)
    optimizer.update(theta, gradient, slots, t, alpha, scratch)


def trained(optimizer, dtype="float64", size=1000, steps=5, piece=None):
    """theta and slots after some steps with random gradients, in pieces if so asked."""
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(size).astype(dtype)
    slots, scratch = start(optimizer, theta)
    piece = piece or size
    for t in range(1, steps + 1):
        gradient = rng.standard_normal(size).astype(dtype)
        for low in range(0, size, piece):
            part = slice(low, low + piece)
            parts = tuple(slot[part] for slot in slots)
            step(optimizer, theta[part], gradient[part], parts, t, scratch=scratch)
    return theta, slots


@EVERY
def test_every_registered_optimizer_is_worked_out_by_hand_or_compared_with_pytorch(kind):
    by_hand = {optimizer.kind for optimizer, _, _ in HAND_WORKED.values()}
    assert kind in by_hand or Optimizer.parse(kind).pytorch_twin(ALPHA) is not None


@CASES
def test_two_steps_are_those_worked_out_by_hand(case):
    optimizer, expected, expected_slots = HAND_WORKED[case]
    theta = np.ones(1)
    slots, _ = start(optimizer, theta)
    for t, gradient in enumerate(GRADIENTS, start=1):
        step(optimizer, theta, np.array([gradient]), slots, t)
        assert theta[0] == pytest.approx(expected[t - 1], rel=1e-14)
    assert [slot[0] for slot in slots] == pytest.approx(list(expected_slots), rel=1e-14)


@CASES
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_keeps_its_dtype_and_single_precision_follows_double(case, dtype):
    optimizer = HAND_WORKED[case][0]
    theta, slots = trained(optimizer, dtype)
    exact, _ = trained(optimizer, "float64")
    assert {array.dtype.name for array in (theta, *slots)} == {dtype}
    np.testing.assert_allclose(theta, exact, atol=2e-5)


@CASES
def test_the_gradient_is_only_read(case):
    optimizer = HAND_WORKED[case][0]
    theta, gradient = np.ones(5), np.arange(5.0)
    gradient.flags.writeable = False
    step(optimizer, theta, gradient, start(optimizer, theta)[0], 1)
    np.testing.assert_array_equal(gradient, np.arange(5.0))


@CASES
@pytest.mark.parametrize("piece", [1, 333, 999])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_update_in_pieces_is_bit_for_bit_the_update_of_the_whole(case, piece, dtype):
    optimizer = HAND_WORKED[case][0]
    whole, whole_slots = trained(optimizer, dtype, steps=2)
    theta, slots = trained(optimizer, dtype, steps=2, piece=piece)
    assert theta.tobytes() == whole.tobytes()
    assert [slot.tobytes() for slot in slots] == [slot.tobytes() for slot in whole_slots]


@CASES
def test_work_vectors_may_be_longer_than_theta(case):
    optimizer = HAND_WORKED[case][0]
    theta, same = np.ones(3), np.ones(3)
    slots, _ = start(optimizer, theta)
    same_slots, scratch = start(optimizer, theta)
    long_scratch = tuple(np.full(50, np.nan) for _ in range(2))
    step(optimizer, theta, np.arange(3.0), slots, 1, scratch=long_scratch)
    step(optimizer, same, np.arange(3.0), same_slots, 1, scratch=scratch)
    np.testing.assert_array_equal(theta, same)


@CASES
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_update_allocates_nothing_that_grows_with_theta(case, dtype):
    optimizer = HAND_WORKED[case][0]
    theta = np.ones(100_000, dtype)
    slots, scratch = start(optimizer, theta)
    gradient = np.ones_like(theta)
    step(optimizer, theta, gradient, slots, 1, scratch=scratch)
    tracemalloc.start()
    step(optimizer, theta, gradient, slots, 2, scratch=scratch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000  # bytes; one vector would be 400,000 or more


@EVERY
def test_without_a_gradient_nothing_moves(kind):
    optimizer = Optimizer.registry[kind](weight_decay=0.0)
    theta = np.array([1.0, -2.0], "float32")
    slots, _ = start(optimizer, theta)
    for t in (1, 2):
        step(optimizer, theta, np.zeros(2, "float32"), slots, t)
    np.testing.assert_array_equal(theta, [1.0, -2.0])


@EVERY
def test_every_optimizer_rolls_down_a_stretched_bowl(kind):
    """J = 1/2 (theta_1^2 + 25 theta_2^2)"""
    optimizer = Optimizer.parse(kind)
    theta, curvature = np.array([1.0, 1.0]), np.array([1.0, 25.0])
    slots, scratch = start(optimizer, theta)
    for t in range(1, 1001):
        step(optimizer, theta, curvature * theta, slots, t, alpha=0.01, scratch=scratch)
    assert 0.5 * np.sum(curvature * theta**2) < 1e-3


@EVERY
@pytest.mark.parametrize("t", [1, 10, 10**7])
def test_an_update_stays_finite_for_tiny_gradients_and_any_count(kind, t):
    optimizer = Optimizer.parse(kind)
    theta = np.ones(3, "float32")
    gradient = np.array([1e-30, 1e-20, 1e-10], "float32")
    step(optimizer, theta, gradient, start(optimizer, theta)[0], t)
    assert np.isfinite(theta).all()


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("form", ["average", "classic"])
def test_bias_correction_makes_the_steps_of_a_constant_gradient_equal(form, nesterov):
    momentum = Momentum(form=form, nesterov=nesterov, bias_correction=True)
    theta, gradient = np.zeros(1), np.array([3.0])
    slots, _ = start(momentum, theta)
    places = [0.0]
    for t in range(1, 6):
        step(momentum, theta, gradient, slots, t)
        places.append(theta[0])
    length = 3.0 * ALPHA * (1 if form == "average" else 10)
    assert np.diff(places) == pytest.approx(-length, rel=1e-12)


def test_adams_first_step_is_alpha_long_whatever_the_gradient():
    theta, gradient = np.zeros(4), np.array([1e-3, 1.0, -50.0, 1e6])
    step(Adam(), theta, gradient, start(Adam(), theta)[0], 1)
    np.testing.assert_allclose(theta, -ALPHA * np.sign(gradient), rtol=1e-4)


def test_weight_decay_is_decoupled_from_the_update_itself():
    adam, adamw = np.ones(3), np.ones(3)
    for optimizer, theta in ((Adam(), adam), (AdamW(weight_decay=5.0), adamw)):
        slots, scratch = start(optimizer, theta)
        optimizer.update(theta, np.ones(3), slots, 1, ALPHA, scratch)
    np.testing.assert_array_equal(adam, adamw)


def test_weight_decay_takes_its_share_in_place_and_keeps_the_dtype():
    theta = np.array([2.0, -4.0, 7.0], "float32")
    decay_weights(theta[:2], alpha=0.5, weight_decay=0.5)
    np.testing.assert_array_equal(theta, np.array([1.5, -3.0, 7.0], "float32"))


def test_adamw_decays_by_default_and_the_others_do_not():
    decaying = {kind for kind in Optimizer.kinds() if Optimizer.parse(kind).weight_decay}
    assert decaying == {"adamw"}
    assert Optimizer.parse("adamw").weight_decay == 0.01


def test_menus_show_the_names_that_users_know():
    titles = [cls.title for cls in Optimizer.registry.values()]
    assert titles[:5] == ["Gradient descent", "Momentum", "RMSprop", "Adam", "AdamW"]


@EVERY
def test_values_just_outside_the_limits_are_refused(kind, outside_limits):
    cls = Optimizer.registry[kind]
    bad = outside_limits(cls)
    assert ("learning_rate", 0.0) in bad
    for field, value in bad:
        with pytest.raises(SpecError, match=field):
            cls(**{field: value})


@CASES
def test_an_optimizer_survives_the_way_through_json(case):
    optimizer = HAND_WORKED[case][0]
    assert Optimizer.parse(optimizer.to_json()) == optimizer
