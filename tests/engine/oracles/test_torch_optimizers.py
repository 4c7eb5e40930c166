"""Twenty steps of every optimizer against PyTorch's, in float64; schedules and weights, too."""

import numpy as np
import pytest

from engine.initializers import Identity
from engine.optimizers import Optimizer, decay_weights
from engine.schedules import CosineDecay, ExponentialDecay, WarmUp
from tests.engine.oracles.variants import torch_function, variants

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

ALPHA, STEPS, SIZE = 0.05, 20, 50
EVERY = {
    f"{kind}, {name}": optimizer
    for kind, member in Optimizer.registry.items()
    for name, optimizer in variants(member, but=("learning_rate",)).items()
}
CASES = {name: each for name, each in EVERY.items() if each.pytorch_twin(ALPHA)}
BUILT_IN = ("gradient_descent", "momentum", "rmsprop", "adam", "adamw")


def gradients():
    return np.random.default_rng(1).standard_normal((STEPS, SIZE))


def our_path(optimizer, theta):
    slots = tuple(np.zeros(SIZE) for _ in optimizer.slots)
    scratch = (np.empty(SIZE), np.empty(SIZE))
    for t, gradient in enumerate(gradients(), start=1):
        decay_weights(theta, ALPHA, optimizer.weight_decay)
        optimizer.update(theta, gradient, slots, t, ALPHA, scratch)
        yield theta.copy()


def their_path(twin, theta, decoupled):
    parameter = torch.nn.Parameter(torch.tensor(theta))
    optimizer = torch_function(twin.name)([parameter], **twin.arguments)
    for gradient in gradients():
        with torch.no_grad():
            parameter *= 1.0 - ALPHA * decoupled
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        yield parameter.detach().numpy().copy()


def test_our_own_optimizers_have_twins_for_their_defaults_and_most_settings():
    assert {each.kind for each in CASES.values()} >= set(BUILT_IN)
    without = {name for name in EVERY if name not in CASES}
    assert {name for name in without if name.startswith(BUILT_IN)} == {
        "momentum, bias_correction True",
        "rmsprop, epsilon_inside True",
        "adam, epsilon_inside True",
        "adamw, epsilon_inside True",
    }


@pytest.mark.parametrize("case", CASES)
def test_twenty_steps_are_pytorchs(case):
    optimizer = CASES[case]
    twin = optimizer.pytorch_twin(ALPHA)
    theta = np.random.default_rng(0).standard_normal(SIZE)
    decoupled = 0.0 if "weight_decay" in twin.arguments else optimizer.weight_decay
    ours = list(our_path(optimizer, theta.copy()))
    theirs = list(their_path(twin, theta, decoupled))
    assert len(ours) == len(theirs) == STEPS
    np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)


SCHEDULES = {
    "exponential": (
        ExponentialDecay(base=0.9),
        lambda o: torch.optim.lr_scheduler.ExponentialLR(o, gamma=0.9),
    ),
    "stairs": (
        ExponentialDecay(base=0.5, interval=3),
        lambda o: torch.optim.lr_scheduler.StepLR(o, 3, gamma=0.5),
    ),
    "warm_up": (
        WarmUp(length=5, counts="epochs"),
        lambda o: torch.optim.lr_scheduler.LinearLR(o, start_factor=1 / 5, total_iters=4),
    ),
    "cosine": (
        CosineDecay(epochs=9, final_fraction=0.1),
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 9, eta_min=0.1 * ALPHA),
    ),
}


@pytest.mark.parametrize("case", SCHEDULES)
def test_ten_epochs_of_rates_are_pytorchs(case):
    schedule, make = SCHEDULES[case]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=ALPHA)
    scheduler = make(optimizer)
    theirs = []
    for _ in range(10):
        theirs.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    ours = [schedule.rate(ALPHA, epoch, 0) for epoch in range(10)]
    assert ours == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("shape", [(4, 3, 3, 3), (3, 4, 5), (2, 3, 1, 3)])
def test_the_identity_of_a_convolution_is_pytorchs_dirac(shape):
    ours = Identity().sample(np.random.default_rng(0), shape, 1, 1, "float64")
    theirs = torch.nn.init.dirac_(torch.empty(shape, dtype=torch.float64))
    np.testing.assert_array_equal(ours, theirs.numpy())
