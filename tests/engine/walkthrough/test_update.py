"""Every line of an update is arithmetic that comes out as the engine computed it."""

import math
import re

import numpy as np
import pytest

from engine import Dense
from engine.walkthrough import Role, explain
from tests.engine.walkthrough.test_walk import trainer_of, walk_of

OPTIMIZERS = [
    {"kind": "gradient_descent"},
    {"kind": "gradient_descent", "weight_decay": 0.4},
    *(
        {"kind": "momentum", "form": form, "nesterov": nesterov, "bias_correction": corrected}
        for form in ("average", "classic")
        for nesterov in (False, True)
        for corrected in (False, True)
    ),
    {"kind": "rmsprop", "epsilon": 0.01},
    {"kind": "rmsprop", "epsilon": 0.01, "epsilon_inside": True},
    {"kind": "adam", "weight_decay": 0.4},
    {"kind": "adam", "epsilon": 0.01, "epsilon_inside": True},
    {"kind": "adamw", "weight_decay": 0.4},
]
CLIPS = [
    {},
    {"clip_norm": 0.01},
    {"clip_value": 0.004},
    {"clip_value": 0.02, "clip_norm": 0.03},
]
UPDATES = (Role.SLOT, Role.CORRECTED, Role.UPDATED)


def printed(lines):
    """The numbers that the lines of an explanation come to, in order: each one is a claim."""
    found = []
    for line in lines:
        for part in re.sub("<sup>.*?</sup>|<sub>.*?</sub>|<.*?>", "", line).split(" = "):
            text = part.removeprefix("= ")
            for sign, operator in (("−", "-"), ("·", "*"), ("²", "**2")):
                text = text.replace(sign, operator)
            text = re.sub(r"√([\d.e+-]+)", r"√(\1)", text).replace("√", "sqrt")
            if re.fullmatch(r"(sqrt|[\d\s.e+*/()-])+", text) and re.search(r"\d", text):
                found.append(eval(text, {"sqrt": math.sqrt}))
    return found


@pytest.mark.parametrize("clip", CLIPS, ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: " ".join(map(str, o.values())))
def test_each_line_of_an_update_comes_out_as_the_engine_did(optimizer, clip):
    layers = [
        Dense(units=3, activation="tanh", max_norm=0.4),
        Dense(units=2, activation="tanh", batch_norm=True),
    ]
    optimizer = {"learning_rate": 0.5, **optimizer}
    walk = walk_of(trainer_of(layers, optimizer=optimizer, batch_size=4, l2=0.1, **clip))
    updated = [q for q in walk.quantities.values() if q.role in UPDATES]
    assert updated
    for quantity in updated:
        for index in {(0,) * quantity.array.ndim, tuple(n - 1 for n in quantity.array.shape)}:
            lines = explain(walk, quantity.key, index)
            *_, claimed, shown = printed(lines)
            value = float(quantity.array[index])
            assert shown == pytest.approx(value, rel=1e-3, abs=1e-9)
            assert claimed == pytest.approx(value, rel=0.01, abs=1e-3), lines


def test_a_mean_square_is_never_negative_under_clipping():
    walk = walk_of(trainer_of(optimizer="rmsprop", clip_norm=0.01))
    for key, quantity in walk.quantities.items():
        if quantity.role is Role.SLOT:
            (_, numbers, _) = explain(walk, key, (0, 0))[-3:]
            before = re.search(r"· (\(?−?[\d.e−]+\)?) \+", numbers)[1]
            assert "−" not in re.sub(r"e−", "e", before), numbers


def test_clipping_is_shown_before_it_is_used():
    walk = walk_of(trainer_of(optimizer="gradient_descent", clip_norm=0.01))
    lines = explain(walk, "h2.W/updated", (0, 0))
    assert "clipped by norm" in lines[1]
    product, clipped = printed(lines[2:3])
    assert product == pytest.approx(clipped, rel=2e-3)
    assert clipped == pytest.approx(float(walk.clipped_gradient("h2.W")[0, 0]), rel=1e-3)


def test_a_row_that_max_norm_scales_is_shown_before_and_after():
    layers = [Dense(units=3, activation="tanh", max_norm=0.01)]
    walk = walk_of(trainer_of(layers, optimizer="gradient_descent"))
    limit, unlimited = walk.limited["h1.W"]
    row = int(np.linalg.norm(unlimited, axis=1).argmax())
    lines = explain(walk, "h1.W/updated", (row, 1))
    assert any("max norm" in line for line in lines)
    assert limit == 0.01
    assert printed(lines)[-3] == pytest.approx(float(unlimited[row, 1]), rel=1e-3)
