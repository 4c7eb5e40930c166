"""Runs of older versions: they open, go on, and start over as they did in their own version.

The files were written by version 1 (commit f5d272a): each run in the middle of an epoch, and the
same run some steps later.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.files import TrainedModel, load, load_project, save
from engine.files.netdesign import to_json

FILES = Path(__file__).parents[2] / "files"
RUNS = ("circles", "pictures", "curve")  # curve: targets that are not scaled
ROUNDING = "114cb23603d4af6a"
"""How products and functions round on the machine that wrote the files."""


def rounding() -> str:
    """The same arithmetic may round otherwise elsewhere, as libraries choose what suits the CPU."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((40, 784)).astype("f4")
    b = rng.standard_normal((784, 32)).astype("f4")
    found = [a @ b, np.tanh(a), np.exp(a), np.log(np.abs(a)), a[:10, :2] @ b[:2]]
    return hashlib.sha256(b"".join(x.tobytes() for x in found)).hexdigest()[:16]


def assert_same(one, other):
    """To the last bit on a machine that rounds alike; other random numbers differ everywhere."""
    if rounding() == ROUNDING:
        assert np.array_equal(one, other)
    else:
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def assert_at(trainer, later):
    """The run stands where the file says, with all that its continuation depends on."""
    arrays, values = trainer.state()
    for name in ("theta", *(n for n in later.arrays if n.startswith(("state.", "slot.")))):
        assert_same(arrays[name], later.arrays[name])
    assert_same(arrays["history.cost"], later.arrays["history.cost"])
    for name in ("iteration", "epoch", "position", "updates", "dropout"):
        assert values[name] == later.values[name], name


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_version_1_goes_on_to_the_last_bit(name):
    later = load(FILES / f"version-1 {name} later.safetensors")
    run = load(FILES / f"version-1 {name}.safetensors").trainer()
    while run.iteration < later.values["iteration"]:
        run.step()
    assert_at(run, later)


@pytest.mark.parametrize("name", RUNS)
def test_a_project_of_version_1_begins_anew_with_the_same_numbers(name):
    later = load(FILES / f"version-1 {name} later.safetensors")
    project = later.project
    assert (project.training.streams, project.data.streams) == (1, 1)
    data = project.build_data()
    run = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    while run.iteration < later.values["iteration"]:
        run.step()
    assert_at(run, later)


def test_a_run_of_version_1_goes_on_after_it_was_saved_in_this_version(tmp_path):
    later = load(FILES / "version-1 circles later.safetensors")
    model = load(FILES / "version-1 circles.safetensors")
    run = model.trainer()
    for _ in range(7):
        run.step()
    save(TrainedModel.of(model.project, run), tmp_path / "again.safetensors")
    again = load(tmp_path / "again.safetensors")
    assert again.project == model.project
    run = again.trainer()
    while run.iteration < later.values["iteration"]:
        run.step()
    assert_at(run, later)


def test_an_opened_project_keeps_its_scheme_when_it_is_saved_and_a_new_one_has_the_newest(tmp_path):
    shutil.copy(FILES / "version-1.netdesign", tmp_path / "old.netdesign")
    old = load_project(tmp_path / "old.netdesign")
    save(old, tmp_path / "old.netdesign")
    assert load_project(tmp_path / "old.netdesign").training.streams == 1
    values = to_json(engine.project.Project())
    assert (values["training"]["streams"], values["data"]["streams"]) == (2, 2)


def test_the_runs_that_a_project_of_version_1_keeps_go_by_its_scheme(tmp_path):
    values = json.loads((FILES / "version-1.netdesign").read_text(encoding="utf-8"))
    experiment = {name: values[name] for name in ("design", "training", "data")}
    facts = {"key": "k", "started": "2024-01-01T10:00:00", "state": "finished", "iteration": 1}
    facts |= {"epoch": 1, "number": 1, "figures": {}, "curves": {}}
    values["runs"] = [{**facts, **experiment}]
    (tmp_path / "old.netdesign").write_text(json.dumps(values), encoding="utf-8")
    (run,) = load_project(tmp_path / "old.netdesign").runs
    assert (run.training.streams, run.data.streams) == (1, 1)


@pytest.mark.parametrize("version", ["0", "²", "9" * 5_000, "", "3"])
def test_a_model_of_no_known_version_is_refused_in_a_sentence(version, tmp_path):
    path = tmp_path / "m.safetensors"
    content = (FILES / "version-1 circles.safetensors").read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"]["version"] = version
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
    with pytest.raises(engine.FileError, match="was saved by a newer program") as caught:
        load(path)
    assert len(str(caught.value)) < 300
