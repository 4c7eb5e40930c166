"""Makes the example designs in resources/examples; the first one is what the window opens with.

They have no positions: the canvas arranges them.

Run in the project's environment: python packaging/make_examples.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import engine  # noqa: E402
from engine.activations import Tanh  # noqa: E402
from engine.data import Blobs, Circles, DataPlan, MnistDigits, Moons, Spirals  # noqa: E402
from engine.files import save_project  # noqa: E402
from engine.layers import Flatten  # noqa: E402
from engine.layers.augment import Augment  # noqa: E402
from engine.layers.normalize import Normalize  # noqa: E402
from engine.project import Project  # noqa: E402
from engine.schedules import ExponentialDecay  # noqa: E402

FOLDER = ROOT / "resources" / "examples"


def chain(*layers: tuple[str, engine.Layer]) -> engine.Design:
    """A sequence of named layers."""
    names, specs = zip(*layers, strict=True)
    return engine.Design.sequential(specs, names)


def digits() -> Project:
    """784-128-64-10 on handwritten digits, with dropout at the input: 96 % on the dev set."""
    design = chain(
        ("x", engine.Input(keep_prob=0.8)),
        ("h1", engine.Dense(units=128)),
        ("h2", engine.Dense(units=64)),
        ("y", engine.Output()),
    )
    training = engine.TrainingSettings(
        optimizer=engine.Adam(learning_rate=0.002), schedule=ExponentialDecay(base=0.9), epochs=20
    )
    return Project(design, training, DataPlan(source=MnistDigits(), normalize=False, seed=1))


def logistic_regression() -> Project:
    """No hidden layer at all: one sigmoid unit separates two blobs by a straight line."""
    design = chain(("x", engine.Input()), ("y", engine.Output(task="binary")))
    training = engine.TrainingSettings(
        optimizer=engine.GradientDescent(learning_rate=0.1), batch_size=None, epochs=500
    )
    return Project(design, training, DataPlan(source=Blobs(classes=2, points=400)))


def circles() -> Project:
    """2-10-5-1 with ReLU and full-batch gradient descent, as in the initialization assignment."""
    design = chain(
        ("x", engine.Input()),
        ("h1", engine.Dense(units=10)),
        ("h2", engine.Dense(units=5)),
        ("y", engine.Output(task="binary")),
    )
    training = engine.TrainingSettings(
        optimizer=engine.GradientDescent(learning_rate=0.1), batch_size=None, epochs=5_000
    )
    return Project(design, training, DataPlan(source=Circles(points=500)))


def moons_with_dropout() -> Project:
    """Noisy moons, a network that is too large for them, and dropout against overfitting."""
    design = chain(
        ("x", engine.Input()),
        ("h1", engine.Dense(units=64, keep_prob=0.7)),
        ("h2", engine.Dense(units=32, keep_prob=0.7)),
        ("y", engine.Output(task="binary")),
    )
    training = engine.TrainingSettings(optimizer=engine.Adam(learning_rate=0.01), epochs=200)
    return Project(design, training, DataPlan(source=Moons(points=500, noise=0.25)))


def vanishing_gradients() -> Project:
    """Ten sigmoid-like tanh layers with small weights: watch the first layers' gradients vanish."""
    hidden = [
        (f"h{i}", engine.Dense(units=16, activation=Tanh(), initializer="xavier"))
        for i in range(1, 11)
    ]
    design = chain(("x", engine.Input()), *hidden, ("y", engine.Output(task="binary")))
    for name, _ in hidden:
        design = design.edit(name, initializer={"kind": "xavier", "multiplier": 0.5})
    training = engine.TrainingSettings(
        optimizer=engine.GradientDescent(learning_rate=0.1), epochs=200
    )
    return Project(design, training, DataPlan(source=Circles(points=500)))


def digits_with_batch_norm() -> Project:
    """Digits with batch norm in both hidden layers and Adam."""
    design = chain(
        ("x", engine.Input()),
        ("h1", engine.Dense(units=128, batch_norm=True)),
        ("h2", engine.Dense(units=64, batch_norm=True)),
        ("y", engine.Output()),
    )
    training = engine.TrainingSettings(optimizer=engine.Adam(learning_rate=0.001), epochs=10)
    return Project(design, training, DataPlan(source=MnistDigits(), normalize=False))


def skip_connection() -> Project:
    """Three spirals and a residual block: h1 skips two layers and is added to their output."""
    design = chain(
        ("x", engine.Input()),
        ("h1", engine.Dense(units=32)),
        ("h2", engine.Dense(units=32)),
        ("h3", engine.Dense(units=32, activation="linear")),
        ("sum", engine.Add()),
        ("a", engine.Activation(function="relu")),
        ("y", engine.Output(task="multi_class")),
    ).connect("h1", "sum")
    training = engine.TrainingSettings(optimizer=engine.Adam(learning_rate=0.01), epochs=150)
    return Project(design, training, DataPlan(source=Spirals(classes=3, points=600)))


def normalized_wine() -> Project:
    """Thirteen features of very different size, normalized by a layer that one can see."""
    design = chain(
        ("x", engine.Input()),
        ("normalize", Normalize()),
        ("h1", engine.Dense(units=8)),
        ("y", engine.Output(task="multi_class")),
    )
    training = engine.TrainingSettings(
        optimizer=engine.GradientDescent(learning_rate=0.1), batch_size=None, epochs=200
    )
    return Project(design, training, DataPlan(source="wine", normalize=False))


def augmented_digits() -> Project:
    """Digits that are shifted, turned and zoomed a little each time that they are shown."""
    design = chain(
        ("x", engine.Input(shape=(1, 28, 28))),
        ("augment", Augment(shift=0.08)),
        ("flat", Flatten()),
        ("h1", engine.Dense(units=128)),
        ("h2", engine.Dense(units=64)),
        ("y", engine.Output()),
    )
    training = engine.TrainingSettings(
        optimizer=engine.Adam(learning_rate=0.002), schedule=ExponentialDecay(base=0.93), epochs=20
    )
    return Project(design, training, DataPlan(source=MnistDigits(), normalize=False))


EXAMPLES = (
    ("1 Digits", digits),
    ("2 Logistic regression on two blobs", logistic_regression),
    ("3 Circles with 2-10-5-1", circles),
    ("4 Moons with dropout", moons_with_dropout),
    ("5 Vanishing gradients in a deep tanh network", vanishing_gradients),
    ("6 Digits with batch norm and Adam", digits_with_batch_norm),
    ("7 Spirals with a skip connection", skip_connection),
    ("8 Wine with normalized inputs", normalized_wine),
    ("9 Digits with augmentation", augmented_digits),
)


def main() -> None:
    """Write all examples."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for title, make in EXAMPLES:
        project = make()
        notes = (make.__doc__ or "").strip()
        save_project(project.replace(notes=notes), FOLDER / f"{title}.netdesign")


if __name__ == "__main__":
    main()
