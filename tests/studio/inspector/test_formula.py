"""Formulas in the inspector: all can be set, sizes follow, text stands in for failures."""

import pytest
import ziafont
import ziamath
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.activations import ActivationFunction
from engine.layers import Activation, Layer
from engine.project import Project
from studio.inspector import Inspector, formula_view, typesetting
from studio.inspector.facts import facts_of
from studio.inspector.formula import FormulaLine, lines_of
from studio.inspector.typesetting import EM_PX, is_remembered, typeset
from studio.look.theme import theme
from studio.model.document import Document
from tests.studio.hands import retype


@pytest.fixture
def document(qtbot):
    layers = [
        engine.Input(),
        engine.Dense(units=128),
        engine.Dense(units=64, activation="tanh", batch_norm=True, keep_prob=0.8),
        engine.Output(),
    ]
    return Document(Project(engine.Design.sequential(layers, ["x", "h1", "h2", "y"])))


@pytest.fixture
def inspector(qtbot, document):
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(288, 700)
    with qtbot.waitActive(inspector):
        inspector.show()
        inspector.activateWindow()
    return inspector


@pytest.fixture
def formula(inspector, qtbot):
    inspector.show_nodes(["h1"])
    qtbot.waitUntil(lambda: inspector.header.formula.is_set)
    return inspector.header.formula


def latex(document, name):
    return [line.with_sizes() for line in facts_of(document, name).lines]


def ink_in(widget, color):
    """How many pixels have this color, or nearly so: thin strokes are blended with the ground."""
    image, wanted = widget.grab().toImage(), QColor(color)
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(_distance(image.pixelColor(*place), wanted) < 24 for place in places)


def _distance(a, b):
    return max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue()))


# The lines


def test_a_dense_layer_has_a_line_for_each_of_its_steps_with_sizes(document):
    def size(symbol, words):
        return rf"\underset{{\color{{gray}}{{{words}}}}}{{{symbol}}}"

    Z, W = size("Z", r"128 \times m"), size("W", r"128 \times 784")
    A, b = size("A", r"784 \times m"), size("b", r"128 \times 1")
    first, second = latex(document, "h1")
    assert first == rf"{Z} = {W} \: {A} + {b}"
    assert second == r"A = \max(0, Z)", "its size is that of Z"


def test_with_batch_norm_there_is_no_b_and_the_activation_takes_its_output(document):
    bare = [line.bare() for line in facts_of(document, "h2").lines]
    assert bare[0] == r"Z = W \: A"
    assert bare[1].startswith(r"\tilde{Z} = \gamma")
    assert bare[2] == r"A = \tanh \tilde{Z}"
    assert bare[3] == r"A = \frac{A \odot D}{\text{keep prob}}"


def test_an_output_ends_with_the_activation_of_its_task(document):
    assert latex(document, "y")[-1].endswith(r"\hat{Y} = \operatorname{softmax}(Z)")
    assert r"10 \times m" in latex(document, "y")[0]


def test_a_layer_without_input_has_a_formula_without_sizes(document):
    project = document.project
    document.edit(project.replace(design=project.design.add("new", engine.Dense())), "Add")
    assert latex(document, "new") == [r"Z = W \: A + b", r"A = \max(0, Z)"]


def test_layers_that_join_show_the_size_of_each_input():
    (line,) = lines_of(engine.Concatenate(), [(8, 5, 5), (16, 5, 5)])
    sized = line.with_sizes()
    assert sized.index(r"24 \times 5 \times 5 \times m") < sized.index(r"8 \times 5 \times 5")
    assert r"{16 \times 5 \times 5 \times m}}{A_2}" in sized


@pytest.mark.parametrize("kind", Layer.kinds())
def test_the_formula_of_every_layer_can_be_set(kind):
    lines = lines_of(Layer.registry[kind]().resolved(engine.TrainingSettings()), None)
    assert lines
    assert all(typeset(line.bare()) for line in lines)
    names = {"out", "in", "in2", "in3", "W", "b", "gamma", "beta"}
    everywhere = [FormulaLine(line.marked, dict.fromkeys(names, r"7 \times m")) for line in lines]
    for line in everywhere:
        assert r"\size" not in line.with_sizes(), "a mark that no size can fill"
        assert r"7 \times m" in line.with_sizes()
        assert "<path" in typeset(line.with_sizes())


@pytest.mark.parametrize("kind", ActivationFunction.kinds())
def test_the_formula_of_every_activation_function_can_be_set(kind):
    (line,) = lines_of(Activation(function=kind), [(4,)])
    assert ActivationFunction.registry[kind].latex in line.bare()
    assert "<path" in typeset(line.with_sizes())


# The view


def test_the_formula_is_painted_in_the_colors_of_the_theme(formula, qtbot):
    theme.apply(dark=True)
    qtbot.waitUntil(lambda: formula.is_set)
    on_dark = ink_in(formula, theme.colors.text), ink_in(formula, theme.colors.muted)
    theme.apply(dark=False)
    assert all(count > 20 for count in on_dark)
    assert ink_in(formula, theme.colors.text) > 20


def test_short_steps_stand_side_by_side_on_one_baseline(formula, inspector, qtbot):
    inspector.show_nodes(["h2"])
    qtbot.waitUntil(lambda: formula.is_set and len(formula.boxes()) == 4)
    boxes = formula.boxes()
    assert boxes[2].right() < boxes[3].left()
    assert boxes[2].top() > boxes[3].top() > boxes[1].bottom()
    assert boxes[2].bottom() < boxes[3].bottom() <= formula.height()


def test_the_sizes_follow_what_is_typed(formula, inspector, qtbot):
    before = list(formula.svgs)
    retype(inspector.form.rows["units"].editor.line, "32")
    qtbot.waitUntil(lambda: formula.is_set)
    assert formula.svgs[0] != before[0]
    assert formula.svgs[0] == typeset(latex(inspector.document, "h1")[0])


def test_screen_readers_hear_the_plain_formula_and_the_sizes(formula):
    assert formula.text() == "A = g(W A + b)"
    assert " ".join(formula.accessibleDescription().split()) == "W 128 × 784 b 128 × 1"


def test_where_there_is_no_room_the_sizes_stand_below(formula, inspector, qtbot):
    assert not formula.sizes.isVisibleTo(inspector)
    inspector.resize(170, 700)
    qtbot.waitUntil(lambda: formula.is_set and formula.sizes.isVisibleTo(inspector))
    assert formula.svgs[0] == typeset(r"Z = W \: A + b")
    inspector.resize(288, 700)
    qtbot.waitUntil(lambda: formula.is_set and not formula.sizes.isVisibleTo(inspector))


@pytest.fixture
def large_font(qapp):
    """The interface font at 200 percent."""
    font = qapp.font()
    large = QFont(font)
    large.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(large)
    yield
    qapp.setFont(font)


@pytest.mark.parametrize(("width", "with_sizes"), [(520, True), (288, False)])
def test_a_large_font_makes_a_large_formula_that_is_not_clipped(
    qtbot, large_font, formula, inspector, width, with_sizes
):
    inspector.resize(width, 900)
    qtbot.waitUntil(lambda: formula.is_set and formula.shows_sizes == with_sizes)
    boxes = formula.boxes()
    assert boxes[0].height() > (48 if with_sizes else 22), "twice what it is at 100 percent"
    assert boxes[-1].bottom() <= formula.height()
    assert max(box.right() for box in boxes) <= formula.width()


def test_the_plain_formula_stands_in_where_setting_fails(inspector, qtbot, monkeypatch):
    monkeypatch.setattr(formula_view, "typeset", lambda formula: "")
    inspector.show_nodes(["h1"])
    formula = inspector.header.formula
    QTest.qWait(20)
    assert not formula.is_set
    assert ink_in(formula, theme.colors.text) > 20
    assert formula.sizes.isVisibleTo(inspector)


def test_the_formula_can_be_copied_as_latex(formula):
    assert formula.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    formula.actions()[0].trigger()
    assert QApplication.clipboard().text() == "Z = W \\: A + b\nA = \\max(0, Z)"


def test_the_last_formulas_are_remembered(monkeypatch):
    monkeypatch.setattr(typesetting, "MOST_REMEMBERED", 2)
    for formula in ("q", "r", "q", "s"):
        assert "<path" in typeset(formula)
    assert [is_remembered(formula) for formula in ("q", "r", "s")] == [True, False, True]


def test_a_formula_that_cannot_be_read_gives_nothing_and_tells_the_log(caplog):
    assert typeset(r"\frac{1}{") == ""
    assert r"\frac{1}{" in caplog.text


@pytest.mark.parametrize("latex", [r"\underset{\color{gray}{7 \times m}}{\tilde{Z}} = e^{-z_i}"])
def test_rows_in_rows_make_no_difference(latex):
    ziafont.config.svg2 = False
    assert typeset(latex) == ziamath.Latex(latex, size=EM_PX, color="currentColor").svg()


def test_a_keystroke_does_not_wait_for_the_formula(formula, inspector, monkeypatch):
    setting = []
    monkeypatch.setattr(formula_view, "typeset", lambda formula: setting.append(formula) or "")
    retype(inspector.form.rows["units"].editor.line, "731")
    QApplication.processEvents()
    assert setting == []
    QTest.qWait(formula_view.PAUSE_MS + 50)
    assert len(setting) >= 2
