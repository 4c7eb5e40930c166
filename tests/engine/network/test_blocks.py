"""Networks with several inputs, each with its block of X."""

import numpy as np
import pytest

from engine.data import DataBlock, Dataset, TargetBlock
from engine.design import Design, check, fixes_of
from engine.errors import DataError
from engine.gradient_check import Verdict, check_gradients
from engine.layers import Concatenate, Dense, Flatten, Input, Output
from engine.network import Network
from engine.settings import TrainingSettings
from engine.training import fit

M = 8
LEFT, RIGHT = DataBlock("left", (2,)), DataBlock("right", (3,))


def tower(*inputs, output=None):
    """Each input through a layer of 2 units, joined, into y."""
    design = Design({"join": Concatenate(), "y": output or Output(task="regression")})
    for number, layer in enumerate(inputs):
        name, hidden = f"x{number}", f"h{number}"
        design = design.add(name, layer).add(hidden, Dense(units=2, activation="tanh"))
        design = design.connect(name, hidden).connect(hidden, "join")
    return design.connect("join", "y")


TWO = tower(Input(block="left"), Input(block="right"))


def data(m=M, blocks=(LEFT, RIGHT)):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5, m))
    Y = np.stack([X.sum(axis=0), X[0] > 0]).astype("f8")  # (2, m)
    targets = (TargetBlock("sum", 1, "regression"), TargetBlock("sign", 1, "binary", ("-", "+")))
    return Dataset(X, Y, "regression", blocks=blocks, target_blocks=targets)


def test_each_input_follows_its_block_and_sees_its_rows_without_a_copy():
    network = Network(TWO, data=data(), dtype="float64")
    assert network.shapes["x0"] == (2,)
    assert network.shapes["x1"] == (3,)
    X = data().X
    values = network.forward(X).values
    for name, rows in (("x0", slice(0, 2)), ("x1", slice(2, 5))):
        seen = values[network.slots[name]]
        assert (seen == X[rows]).all()
        assert np.shares_memory(seen, X)


def test_two_inputs_compute_what_is_worked_by_hand():
    design = Design({"a": Input(features=1), "b": Input(features=2, block="b"), "j": Concatenate()})
    design = design.add("y", Output(task="binary", units=1))
    for ends in ("a j", "b j", "j y"):
        design = design.connect(*ends.split())
    network = Network(design, dtype="float64")
    network.parameters["y.W"][...] = [[1, 10, 100]]
    assert network.logits(np.array([[1.0], [2.0], [3.0]])) == 321


def test_inputs_may_come_by_name_instead_of_under_each_other():
    network = Network(TWO, data=data(), dtype="float64")
    X = data().X
    apart = {"x1": X[2:], "x0": X[:2]}
    assert (network.predict(apart) == network.predict(X)).all()
    with pytest.raises(DataError, match="X lacks the input 'x0'"):
        network.predict({"x1": X[2:]})
    with pytest.raises(DataError, match="no input 'z'; the network has 'x0', 'x1'"):
        network.predict({**apart, "z": X})
    with pytest.raises(DataError, match="same number of examples; got 1 and 8"):
        network.predict({**apart, "x0": X[:2, :1]})
    with pytest.raises(DataError, match="X of 'x0' must have 2 values for each example"):
        network.predict({**apart, "x0": X[:3]})


def test_an_output_learns_the_target_that_it_names():
    sign = tower(
        Input(block="left"), Input(block="right"), output=Output(task="binary", target="sign")
    )
    sets = data(40).split(0.5, 0.5, 0)
    network = Network(sign, data=sets, dtype="float64")
    X, Y = sets.train.X, sets.train.Y
    assert network.cost(X, Y) == network.cost(X, Y[1:])
    assert (fit(network, sets, TrainingSettings(epochs=2), progress=False)).latest["train_cost"] > 0
    summed = Network(TWO, data=sets, dtype="float64")
    assert summed.cost(X, Y) == summed.cost(X, Y[:1])
    assert float(summed.scale_of(summed.head).mean[0, 0]) == pytest.approx(Y[0].mean())


def test_the_gradient_of_both_branches_and_of_both_blocks_is_right():
    network = Network(TWO, data=data(), dtype="float64")
    X, Y = data().X, data().Y
    assert check_gradients(network, X, Y).verdict in (Verdict.GREAT, Verdict.LOOK_CLOSER)
    scaled = network.loss_targets(Y)
    dx = network.learn_from(X, scaled, to_inputs=True).d[0]
    assert dx.shape == X.shape
    for row, column in ((0, 1), (4, 2)):
        costs = []
        for step in (1e-6, -1e-6):
            moved = X.copy()
            moved[row, column] += step
            costs.append(network.cost(moved, Y))
        assert dx[row, column] / M == pytest.approx((costs[0] - costs[1]) / 2e-6, rel=1e-6)


def test_two_inputs_learn_as_one_that_holds_both():
    sets = data(40).split(0.5, 0.5, 0)
    whole = Design.sequential([Input(), Dense(units=4), Output(task="regression")])
    names = Design({"a": Input(), "b": Input(block="right"), "j": Concatenate(), **whole.nodes})
    joined = names.remove(["input"]).connect("a", "j").connect("b", "j").connect("j", "dense")
    plain = Dataset(data(40).X, data(40).Y[:1], "regression").split(0.5, 0.5, 0)
    settings = TrainingSettings(epochs=3, batch_size=5)
    one = fit(Network(whole, settings, data=plain), plain, progress=False).latest
    two = fit(
        Network(joined.connect("dense", "output"), settings, data=sets), sets, progress=False
    ).latest
    assert two == pytest.approx(one, rel=1e-5)


def test_data_whose_blocks_lie_elsewhere_are_refused():
    network = Network(TWO, data=data(), dtype="float64")
    swapped = data(20, (RIGHT, LEFT)).split(0.5, 0.5, 0)
    with pytest.raises(DataError, match="training set lie in other rows"):
        fit(network, swapped, progress=False)


def test_adopting_a_change_keeps_the_blocks():
    network = Network(TWO, data=data(), dtype="float64")
    before = network.predict(data().X)
    network.adopt(network.settings.replace(l2=0.1))
    assert (network.predict(data().X) == before).all()


@pytest.mark.parametrize(
    ("design", "sentence", "fixed"),
    [
        (
            tower(Input(block="left"), Input(block="rigt")),
            "Input 'x1': The data have no block 'rigt'. Did you mean 'right'?",
            "Use the block 'right' of the data",
        ),
        (
            tower(Input(), Input(block="left")),
            "Input 'x1' takes the same data as 'x0'. Keep one input layer, or give each a data "
            "block of its own.",
            "Use the block 'right' of the data",
        ),
        (
            tower(Input(block="left"), Input(features=4, block="right")),
            "Input 'x1' expects a vector of 4; an example of the data is a vector of 3 in the "
            "block 'right'. Clear the shape so that it follows the data.",
            "Let the shape follow the data",
        ),
        (
            tower(Input(block="left", vocabulary=7), Input(block="right")),
            "Input 'x0' expects tokens, 7 different ones; an example of the data is a vector of 2 "
            "in the block 'left'. Clear the vocabulary so that it follows the data.",
            "Let the vocabulary follow the data",
        ),
        (
            tower(
                Input(block="left"), Input(block="right"), output=Output(task="binary", target="z")
            ),
            "Output 'y': The data have no target 'z'. They have 'sum', 'sign'.",
            "Use the target 'sign' of the data",
        ),
        (
            tower(Input(block="left"), Input(block="right"), output=Output(task="binary")),
            "Output 'y' solves the task 'Binary (sigmoid)', but the target 'sum' is for "
            "'Regression (linear)'. Change the task, or choose other data.",
            "Change the task to 'Regression (linear)'",
        ),
    ],
)
def test_what_does_not_fit_the_blocks_is_said_and_mended(design, sentence, fixed):
    report = check(design, fit=data().fit)
    found = {str(problem): problem for problem in report.problems}
    assert sentence in found
    fixes = fixes_of(design, fit=data().fit)
    fix = fixes[found[sentence]]
    assert fix.title == fixed
    assert check(fix.design, fit=data().fit).ok


def test_of_an_input_whose_block_the_data_lack_only_that_is_said():
    design = tower(Input(block="left"), Input(block="rigt"))
    problems = check(design, fit=data().fit).problems
    assert [problem.cause for problem in problems if problem.node == "x1"] == ["block"]


def test_without_data_the_input_without_a_block_comes_first():
    output = Output(task="binary", units=1)
    design = tower(Input(features=3, block="right"), Input(features=2), output=output)
    network = Network(design, dtype="float64")
    X = np.arange(5.0)[:, None]
    values = network.forward(X).values
    assert values[network.slots["x1"]].ravel().tolist() == [0, 1]
    assert values[network.slots["x0"]].ravel().tolist() == [2, 3, 4]


def test_the_lengths_of_a_block_become_the_mask_of_its_input():
    steps = DataBlock("steps", (2, 3), has_lengths=True)
    X = np.random.default_rng(0).normal(size=(9, 4))
    X[8] = [1, 3, 2, 3]
    both = Dataset(X, np.ones((1, 4)), "binary", blocks=(LEFT, steps))
    design = tower(Input(), output=Output(task="binary"))
    design = design.add("s", Input(block="steps")).add("f", Flatten()).connect("s", "f")
    network = Network(design.connect("f", "join"), data=both, dtype="float64")
    assert network.specs["s"].lengths
    trace = network.forward(X)
    assert trace.values[network.slots["s"]].shape == (2, 3, 4)
    assert trace.masks[network.slots["s"]].sum(axis=0).tolist() == [1, 3, 2, 3]
    assert trace.masks[network.slots["x0"]] is None
