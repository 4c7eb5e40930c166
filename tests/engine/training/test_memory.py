"""What a run is said to take is what it takes, to about a third."""

from __future__ import annotations

import tracemalloc

import pytest

import engine
from engine.data import DataPlan
from engine.training.memory import memory_of_run

CIRCLES = DataPlan(source={"kind": "circles", "points": 6_000})


def dense(units, count, **fields):
    layers = [engine.Dense(units=units, **fields)] * count
    return engine.Design.sequential([engine.Input(), *layers, engine.Output(task="binary")])


def peak_of(design, settings):
    """Bytes, of a few steps and the evaluation after them."""
    data = CIRCLES.build()
    tracemalloc.start()
    try:
        trainer = engine.Trainer(engine.Network(design, settings, data=data), data)
        for _ in range(2):
            trainer.step()
        trainer.note_scores()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("design", "settings"),
    [
        (dense(1_500, 2), {}),
        (dense(1_500, 2), {"optimizer": engine.GradientDescent(), "batch_size": None}),
        (dense(300, 4, batch_norm=True), {"batch_size": 1_024}),
    ],
    ids=["many parameters", "a full batch", "batch norm"],
)
def test_what_is_said_is_what_a_run_takes(design, settings):
    settings = engine.TrainingSettings(epochs=3, **settings)
    said = memory_of_run(design, settings, CIRCLES.source.fit())
    assert 0.6 < said / peak_of(design, settings) < 1.5


def test_nothing_is_allocated_to_say_it():
    design = dense(12_000, 2)
    tracemalloc.start()
    try:
        said = memory_of_run(design, engine.TrainingSettings(), CIRCLES.source.fit())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert said > 6 * 4 * 12_000**2
    assert peak < 1_000_000


def test_the_state_of_an_optimizer_and_the_best_weights_count():
    design, fit = dense(1_000, 2), CIRCLES.source.fit()
    plain = engine.TrainingSettings(optimizer=engine.GradientDescent())
    adam = plain.replace(optimizer=engine.Adam())
    watched = plain.replace(stopping={"kind": "early"})
    vector = 4 * (1_000**2 + 2 * 1_000 + 1_000 + 1_000 + 1_001)
    before = memory_of_run(design, plain, fit)
    assert memory_of_run(design, adam, fit) - before == 2 * vector
    assert memory_of_run(design, watched, fit) - before == vector
