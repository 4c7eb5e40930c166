"""One-click fixes for images: an input that is none yet, and windows larger than the image."""

import pytest

from engine.data.fit import Fit
from engine.design import Design, check
from engine.design.fixes import fix_of, fixes_of
from engine.layers import Conv2D, Dense, Flatten, Input, MaxPool, Output

GRAY, COLOR = Fit((64,), 10, "multi_class"), Fit((3 * 32 * 32,), 10, "multi_class")


def chain(*layers):
    return Design.sequential(layers, [f"n{index}" for index in range(len(layers))])


def only_fix(design, fit):
    (problem,) = check(design, fit=fit).problems
    return fix_of(problem, design, fit=fit)


@pytest.mark.parametrize(
    ("fit", "title", "shape"),
    [
        (GRAY, "Make 'n0' an image of 1 × 8 × 8", (1, 8, 8)),
        (COLOR, "Make 'n0' an image of 3 × 32 × 32", (3, 32, 32)),
    ],
)
def test_a_row_of_pixels_becomes_the_image_that_a_convolution_asks_for(fit, title, shape):
    fix = only_fix(chain(Input(), Conv2D(), Flatten(), Output()), fit)
    assert fix.title == title
    assert fix.design.nodes["n0"].shape == shape
    assert check(fix.design, fit=fit).ok


def test_no_image_is_made_of_a_few_features_or_of_an_input_that_feeds_others():
    design = chain(Input(), Conv2D(kernel=1), Flatten(), Output())
    assert fixes_of(design, fit=Fit((4,), 3, "multi_class")) == {}
    shared = design.add("h", Dense()).connect("n0", "h")
    problem = next(p for p in check(shared, fit=GRAY).problems if p.node == "n1")
    assert fix_of(problem, shared, fit=GRAY) is None


@pytest.mark.parametrize(
    ("layer", "title"),
    [
        (Conv2D(kernel=11), "Set the kernel to 8"),
        (Conv2D(kernel=11, padding=1), "Set the kernel to 10"),
        (MaxPool(size=9), "Set the size to 8"),
    ],
)
def test_a_window_that_is_too_large_is_made_as_large_as_the_image(layer, title):
    design = chain(Input(shape=(1, 8, 8)), layer, Flatten(), Output(units=3))
    fix = only_fix(design, None)
    assert fix.title == title
    assert check(fix.design).ok
