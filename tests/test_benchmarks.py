"""The benchmarks still measure the program as it is: what they build can be built, and it steps."""

import importlib
import pkgutil

import pytest

import engine
import tests.benchmarks
from tests.benchmarks import bench_canvas, bench_shapes, window_run
from tests.benchmarks.bench_window import CASES as WINDOW_CASES
from tests.benchmarks.rivals import CASES, examples, our_step


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(tests.benchmarks.__path__)])
def test_every_benchmark_can_be_loaded(name):
    module = importlib.import_module(f"tests.benchmarks.{name}")
    assert hasattr(module, "measure") or not name.startswith("bench_")


def test_the_large_design_of_the_canvas_has_its_wires_and_no_problem():
    design = bench_canvas.large_design()
    assert (len(design.nodes), len(design.wires)) == (300, 400)
    assert engine.check(design).ok


@pytest.mark.parametrize("case", CASES[:2], ids=lambda case: case.name)
def test_the_trainer_that_races_pytorch_steps(case):
    step = our_step(case, examples(case))
    assert step().iteration == 1


@pytest.mark.parametrize("name", WINDOW_CASES)
def test_the_networks_of_the_window_train_without_it(name):
    assert window_run.Headless(window_run.case(name)).run(0.01).by_wall > 0


def test_the_images_and_sequences_that_race_pytorch_step():
    step = bench_shapes.lenet_step()
    first = step()
    assert step() < first
    for case in bench_shapes.CASES:
        assert bench_shapes.layer_step(case)()[0].shape == (*case.shapes[0], case.examples)
