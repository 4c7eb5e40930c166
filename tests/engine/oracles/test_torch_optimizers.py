"""Twenty steps of every optimizer against PyTorch's, in float64; schedules and weights, too."""

import numpy as np
import pytest

from engine.initializers import Identity
from engine.optimizers import (
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Optimizer,
    RMSprop,
    decay_weights,
)
from engine.schedules import CosineDecay, ExponentialDecay, WarmUp

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

ALPHA, STEPS, SIZE = 0.05, 20, 50
CASES = {  # ours, PyTorch's name for it and its arguments
    "gradient_descent": (GradientDescent(), "SGD", {}),
    "gradient_descent, decayed": (GradientDescent(weight_decay=0.3), "SGD", {}),
    "momentum, classic": (Momentum(form="classic"), "SGD", {"momentum": 0.9}),
    "momentum, nesterov": (
        Momentum(form="classic", nesterov=True),
        "SGD",
        {"momentum": 0.9, "nesterov": True},
    ),
    "momentum, average": (Momentum(beta=0.8), "SGD", {"momentum": 0.8, "lr": ALPHA * 0.2}),
    "momentum, average nesterov": (
        Momentum(beta=0.8, nesterov=True),
        "SGD",
        {"momentum": 0.8, "lr": ALPHA * 0.2, "nesterov": True},
    ),
    "rmsprop": (RMSprop(beta=0.95, epsilon=1e-4), "RMSprop", {"alpha": 0.95, "eps": 1e-4}),
    "adam": (Adam(), "Adam", {}),
    "adam, coarse": (
        Adam(beta1=0.7, beta2=0.9, epsilon=1e-2),
        "Adam",
        {"betas": (0.7, 0.9), "eps": 1e-2},
    ),
    "adamw": (AdamW(weight_decay=0.3), "AdamW", {"weight_decay": 0.3}),
    "adamw, default": (AdamW(), "AdamW", {}),
}


def gradients():
    return np.random.default_rng(1).standard_normal((STEPS, SIZE))


def our_path(optimizer, theta):
    slots = tuple(np.zeros(SIZE) for _ in optimizer.slots)
    scratch = (np.empty(SIZE), np.empty(SIZE))
    for t, gradient in enumerate(gradients(), start=1):
        decay_weights(theta, ALPHA, optimizer.weight_decay)
        optimizer.update(theta, gradient, slots, t, ALPHA, scratch)
        yield theta.copy()


def their_path(name, arguments, theta, decoupled):
    parameter = torch.nn.Parameter(torch.tensor(theta))
    optimizer = getattr(torch.optim, name)([parameter], **{"lr": ALPHA, **arguments})
    for gradient in gradients():
        with torch.no_grad():
            parameter *= 1.0 - ALPHA * decoupled
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        yield parameter.detach().numpy().copy()


def test_every_registered_optimizer_is_compared():
    assert {optimizer.kind for optimizer, _, _ in CASES.values()} == set(Optimizer.kinds())


@pytest.mark.parametrize("case", CASES)
def test_twenty_steps_are_pytorchs(case):
    optimizer, name, arguments = CASES[case]
    theta = np.random.default_rng(0).standard_normal(SIZE)
    decoupled = 0.0 if name == "AdamW" else optimizer.weight_decay
    ours = list(our_path(optimizer, theta.copy()))
    theirs = list(their_path(name, arguments, theta, decoupled))
    assert len(ours) == len(theirs) == STEPS
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


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
