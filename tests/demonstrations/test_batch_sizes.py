"""Batch sizes: small batches make many noisy steps an epoch, the whole set few and smooth ones."""

import numpy as np
import pytest

EPOCHS = 60


@pytest.mark.slow
def test_in_as_many_epochs_small_batches_get_further(demonstrate):
    demonstration = demonstrate(3)
    demonstration.set("training.epochs", EPOCHS)
    shown = demonstration.race("batch_size", [1, 64, None])
    single, mini, whole = shown["outcomes"]
    assert [each["iteration"] for each in (single, mini, whole)] == [
        EPOCHS * 300,
        EPOCHS * 5,
        EPOCHS,
    ]
    assert single["train_cost"] < mini["train_cost"] < whole["train_cost"]


@pytest.mark.slow
def test_the_smaller_the_batch_the_noisier_its_cost(demonstrate):
    demonstration = demonstrate(3)
    demonstration.set("training.epochs", EPOCHS)
    noise = []
    for size in (1, 64, None):
        demonstration.set("training.batch_size", size)
        demonstration.run()
        shown = demonstration.shown("cost")
        assert shown["x_axis"] == "iteration"
        batch = shown["curves"]["batch"][1]
        noise.append(np.abs(np.diff(batch)).mean())
        falls = np.all(np.diff(batch) < 0)
        assert falls == (size is None)  # only the whole set's J falls at every step
    assert noise[0] > 10 * noise[1] > 10 * noise[2]
