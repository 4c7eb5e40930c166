"""One color says one thing, in every picture."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from engine.data import Circles, Discs, Iris, MnistDigits, TinyDigits
from engine.data.dataset import from_labels
from engine.probes.inputs import Cloud
from engine.probes.plane import plane_of
from engine.probes.points import points_of
from engine.probes.sketch import sketch_of
from studio.dashboard.inputs.pair import BeforeAndAfter
from studio.data_window.sketch_painter import image_of_picture
from studio.look.inks import MINUS, PLUS, class_color
from studio.look.theme import theme
from studio.plane.frame import Frame
from studio.plane.sheet import printed
from studio.plane.stamps import Stamps
from studio.widgets.tiles import diverging_table, gray_table
from tests.studio.dashboard.boundary.conftest import project_on, snapshot_of
from tests.studio.plots.items import items_of


def name_of(color):
    return QColor(color).name()


def test_two_classes_are_orange_for_minus_and_blue_for_plus():
    assert class_color(0, 2) == theme.colors.of_series(MINUS)
    assert class_color(1, 2) == theme.colors.of_series(PLUS)
    assert class_color(1, 3) == theme.colors.of_series(1)


def test_positive_weights_are_blue_as_every_plus(qapp):
    table = diverging_table()
    assert name_of(table[-1]) == class_color(1, 2).name()
    assert name_of(table[0]) == class_color(0, 2).name()
    assert name_of(table[len(table) // 2]) == name_of(theme.colors.surface)


def test_the_inputs_panel_colors_classes_as_the_boundary_does(qtbot):
    pair = BeforeAndAfter()
    qtbot.addWidget(pair)
    cloud = Cloud(np.random.default_rng(0).normal(size=(2, 6)), np.array([0, 1] * 3), 2)
    pair.show_clouds((cloud, cloud), ("x1", "x2"))
    pens = [item.opts["pen"].color() for item in items_of(pair.plots[0])]
    assert pens == [class_color(0, 2), class_color(1, 2)]


def test_points_of_several_labels_are_colored_by_the_label_on_show(qapp):
    snapshot = snapshot_of(project_on(Discs(), "multi_label"))
    data = snapshot.data
    assert len(data.train.classes) > 2
    points = points_of(data, "train", snapshot.network, plane_of(data), 0)
    k = int(points.classes[0])
    one = points._replace(
        at=points.at[:, :1],
        classes=points.classes[:1],
        targets=points.targets[:1],
        wrong=np.zeros(1, bool),
    )
    across, up = (float(value) for value in one.at[:, 0])
    frame = Frame(QRectF(0, 0, 40, 40), (across - 1, across + 1, up - 1, up + 1), ("x1", "x2"))
    sheet = printed([one], frame, Stamps(16, 1.0, "Sans"), data.train.classes, None)
    colors = {sheet.toImage().pixelColor(x, y).name() for x in range(40) for y in range(40)}
    assert class_color(k, 2).name() in colors
    assert class_color(1 - k, 2).name() not in colors


@pytest.mark.parametrize("source", [MnistDigits(), TinyDigits()])
def test_digits_are_ink_on_paper(source):
    assert source.load().ink


def test_photographs_are_shown_as_they_are(qapp):
    pixels = np.array([[0.0, 1.0], [0.0, 1.0]])  # (n_x, m): a black picture and a white one
    data = from_labels(pixels, [0, 1], ("a", "b"), image_shape=(1, 1, 2))
    sketch = sketch_of(data)
    shown = [
        image_of_picture(picture, sketch.ink).pixelColor(0, 0).lightness()
        for picture in sketch.pictures
    ]
    assert shown == [int(picture.max()) for picture in sketch.pictures]
    assert [QColor(gray_table(False)[k]).lightness() for k in (0, 255)] == [0, 255]


@pytest.mark.parametrize("source", [Circles(), Iris()])
def test_sets_without_pictures_have_no_ink(source):
    assert not source.load().ink
