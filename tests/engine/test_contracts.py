"""The lines that other people's scripts rely on, as the design notes print them."""

import numpy as np

import engine


def test_the_contract_of_a_script_holds_word_for_word():
    d = engine.Design.sequential(
        [
            engine.Input(features=2),
            engine.Dense(units=10, activation="relu", initializer="he"),
            engine.Dense(units=5, activation="relu"),
            engine.Output(task="binary"),
        ],
        names=["x", "h1", "h2", "y"],
    )
    net = engine.Network(d, seed=0, dtype="float64")
    X = np.random.default_rng(0).normal(size=(2, 50))
    Y = (X[:1] * X[1:] > 0).astype(float)
    assert net.parameters["h1.W"].shape == (10, 2)
    assert net.theta.shape == net.gradient.shape == (10 * 3 + 5 * 11 + 6,)
    J = net.cost_and_gradient(X, Y, training=True)
    assert abs(net.cost(X, Y) - J) < 1e-14
    P = net.predict(X)
    assert P.shape == (1, 50)
    assert ((P > 0) & (P < 1)).all()
    opt = engine.Updater(net, engine.TrainingSettings(optimizer=engine.Adam(learning_rate=0.0007)))
    opt.step()
    assert net.cost(X, Y) < J
    report = engine.check_gradients(net, X, Y, epsilon=1e-7)
    assert report.relative_error < 1e-6
    assert report.blocks[0].name == "h1.W"


def test_the_contract_of_a_training_run_holds():
    data = engine.data.load("moons", seed=0, points=100).split(0.6, 0.2, 0.2).normalize()
    layers = [engine.Input(), engine.Dense(units=8), engine.Output(task="binary")]
    net = engine.Network(engine.Design.sequential(layers), seed=0, data=data)
    settings = engine.TrainingSettings(epochs=3, batch_size=16)
    before = net.cost(data.train.X, data.train.Y)
    steps = list(engine.train(net, data, settings))
    assert [step.iteration for step in steps] == list(range(1, 13))
    assert [step.epoch for step in steps] == [1] * 4 + [2] * 4 + [3] * 4
    assert net.cost(data.train.X, data.train.Y) < before
    assert list(steps[0].gradient_norms) == ["dense", "output"]


def test_everything_that_is_exported_exists_and_is_listed_once():
    assert len(set(engine.__all__)) == len(engine.__all__)
    assert all(hasattr(engine, name) for name in engine.__all__)


def test_the_design_is_saved_and_opened_as_the_design_page_says(tmp_path):
    design = engine.Design.sequential([engine.Input(features=2), engine.Output(task="binary")])
    engine.save(design, tmp_path / "a.netdesign")
    assert engine.load(tmp_path / "a.netdesign").design == design


def test_one_layer_alone_is_pulled_back_as_the_design_page_says():
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(3, 4, 4, 10)), rng.normal(size=(8, 3, 2, 2)), np.ones((8, 1))
    layer = engine.Conv2D(filters=8, kernel=2, stride=2, padding=2)
    values, pull = engine.vjp(layer, {"W": W, "b": b}, x, state=None, mode=None)
    y = values["out"]
    assert y.shape == (8, 4, 4, 10)
    dparams, dxs = pull({"out": np.ones_like(y)})
    assert dparams["W"].shape == W.shape
    assert np.allclose(dparams["b"], 160, rtol=1e-13, atol=0)
    assert [dx.shape for dx in dxs] == [x.shape]
    states, _ = engine.vjp(
        engine.RNN(units=5),
        {"Wa": np.zeros((5, 8)), "ba": np.zeros((5, 1))},
        rng.normal(size=(3, 6, 10)),
        np.ones((5, 10)),
    )
    assert states["out"].shape == (5, 6, 10)
    assert states["last"].shape == (5, 10)
    for pool in (engine.MaxPool(size=3, stride=2), engine.AveragePool(size=3, stride=2)):
        assert engine.vjp(pool, {}, x)[0]["out"].shape == (3, 1, 1, 10)
    query, key, value = (rng.normal(size=size) for size in ((4, 2, 10), (4, 6, 10), (7, 6, 10)))
    attended, _ = engine.vjp(engine.DotProductAttention(), {}, query, key, value)
    assert attended["out"].shape == (7, 2, 10)
