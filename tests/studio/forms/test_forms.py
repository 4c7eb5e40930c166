"""Every spec has a form, and its editors answer real keys: typing, refusing, stepping."""

from typing import Literal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine import Dense, EngineError, SpecError
from engine.activations import ActivationFunction
from engine.data import DataPlan, DataSource
from engine.initializers import Initializer
from engine.layers import Layer
from engine.losses import ErrorFunction, Task
from engine.optimizers import Optimizer
from engine.project.fields import fields_of
from engine.schedules import Schedule
from engine.settings import TrainingSettings
from engine.spec import Family, Spec, extra, setting
from studio.forms import Form, shared_fields
from studio.forms.choice import CheckEditor, ChoiceEditor
from studio.forms.editor import titled
from studio.forms.family import FamilyEditor
from studio.forms.line import PATIENCE_MS, LineEditor
from studio.model.refusal import Refusal
from tests.studio.hands import choose, retype, wheel

FAMILIES = [
    Layer, Optimizer, Schedule, Initializer, Task, ErrorFunction, ActivationFunction, DataSource,
]  # fmt: skip
SPECS = [TrainingSettings, DataPlan, *(m for f in FAMILIES for m in f.registry.values())]


class Flavor(Family):
    pass


class Plain(Flavor):
    pass


class Spicy(Flavor):
    heat: float = setting(0.5, title="Heat", help="How hot it is.", ge=0, le=1)


class Sample(Spec):
    units: int = setting(64, title="Units", help="How many.", unit="pieces", ge=1, le=4096)
    share: float = setting(0.5, title="Share", help="A part.", gt=0, le=1)
    rate: float = setting(0.01, title="Rate", help="A learning rate.", gt=0, le=1000)
    keep: float | None = setting(None, title="Keep", help="A part.", inherits=True, gt=0, le=1)
    most: int | None = setting(None, title="Most", help="A limit, or none.", ge=1, le=99)
    shape: tuple[int, ...] | None = setting(None, title="Shape", help="Sizes.")
    active: bool = setting(True, title="Active", help="On or off.")
    norm: bool | None = setting(None, title="Norm", help="On or off.", inherits=True)
    form: Literal["round", "square"] = setting("round", title="Form", help="Which.")
    flavor: Flavor | None = setting(None, title="Flavor", help="Which taste.", inherits=True)


class Defaults(Spec):
    keep: float = setting(0.8, title="Keep", help="A part.", gt=0, le=1)
    norm: bool = setting(True, title="Norm", help="On or off.")
    flavor: Flavor = setting(Spicy(heat=0.2), title="Flavor", help="Which taste.")


class Bench(QWidget):
    """A form on one or more specs, as a panel would hold them."""

    def __init__(self, *specs):
        super().__init__()
        self.specs = list(specs)
        self.changes = []
        self.form = Form(shared_fields([type(s) for s in specs]), self.apply)
        self.form.setParent(self)
        self.form.resize(300, 600)
        self.refresh()

    def apply(self, change):
        try:
            self.specs = [change.applied(spec) for spec in self.specs]
        except EngineError as error:
            return Refusal(error)
        self.changes.append(change)
        self.refresh()
        return ""

    def refresh(self):
        inherited = {n: (v, "inherited") for n, v in Defaults()}
        self.form.show_specs(self.specs, inherited)

    @property
    def spec(self):
        return self.specs[0]

    def row(self, name):
        return self.form.rows[name]

    def line(self, name):
        return self.row(name).editor.line

    def combo(self, name):
        return self.row(name).editor.combo


@pytest.fixture
def bench(qtbot):
    return make_bench(qtbot, Sample())


def make_bench(qtbot, *specs):
    bench = Bench(*specs)
    qtbot.addWidget(bench)
    bench.resize(320, 640)
    with qtbot.waitActive(bench):
        bench.show()
        bench.activateWindow()
    return bench


# Contract


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.__mro__[1].__name__}-{spec.title}")
def test_every_field_of_every_spec_has_an_editor_with_a_name_and_help(spec, qtbot):
    fields = fields_of(spec)
    form = Form(fields, lambda change: "")
    qtbot.addWidget(form)
    form.show_specs([spec()])
    assert list(form.rows) == list(fields) == list(dict.fromkeys(fields))
    hidden = {name for name, info in spec.model_fields.items() if extra(info, "hidden")}
    assert set(fields) == set(spec.model_fields) - hidden
    assert hidden <= {"streams"}
    for name, row in form.rows.items():
        widget = row.editor.input
        assert widget.accessibleName() == fields[name].title != ""
        assert fields[name].help in widget.accessibleDescription()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert row.label.toolTip() == row.editor.toolTip() != ""


def test_the_type_of_a_field_decides_its_editor(bench):
    kinds = {name: type(row.editor) for name, row in bench.form.rows.items()}
    assert kinds == {
        "units": LineEditor,
        "share": LineEditor,
        "rate": LineEditor,
        "keep": LineEditor,
        "most": LineEditor,
        "shape": LineEditor,
        "active": CheckEditor,
        "norm": ChoiceEditor,
        "form": ChoiceEditor,
        "flavor": FamilyEditor,
    }


def test_a_tooltip_tells_help_range_and_unit(bench):
    tip = bench.row("units").label.toolTip()
    assert "How many." in tip
    assert "A whole number between 1 and 4096 (pieces)." in tip


# Typing


def test_every_valid_keystroke_takes_effect(bench):
    retype(bench.line("units"), "128")
    assert [change.key for change in bench.changes] == ["units"] * 3
    assert bench.spec.units == 128
    assert bench.changes[-1].noun == "units"


def test_text_is_not_reformatted_while_it_is_typed(bench):
    retype(bench.line("share"), "0,250")
    assert bench.spec.share == 0.25
    assert bench.line("share").text() == "0,250"
    QTest.keyClick(bench.line("share"), Qt.Key.Key_Return)
    assert bench.line("share").text() == "0.25"


def test_the_cursor_stays_where_it_is_in_the_middle_of_a_number(bench):
    line = bench.line("units")
    line.setFocus()
    line.setCursorPosition(1)
    QTest.keyClicks(line, "5")
    assert (line.text(), line.cursorPosition(), bench.spec.units) == ("654", 2, 654)


def test_a_bad_value_is_refused_with_a_sentence_and_the_old_value_stays(bench):
    retype(bench.line("units"), "0")
    row = bench.row("units")
    assert bench.spec.units == 64
    assert row.sentence.isVisibleTo(bench)
    sentence = row.sentence.text.text()
    assert sentence == "Units must be a whole number between 1 and 4096; got 0."
    assert row.editor.line.property("invalid")
    assert row.editor.line.text() == "0"


def test_words_are_refused_at_once_in_a_number(bench):
    retype(bench.line("units"), "abc")
    assert "got 'abc'" in bench.row("units").sentence.text.text()


@pytest.mark.parametrize("leave", [Qt.Key.Key_Escape, Qt.Key.Key_Tab])
def test_escape_and_leaving_bring_back_the_value(bench, leave):
    retype(bench.line("units"), "99999")
    assert bench.spec.units == 64  # not the 999 on the way
    QTest.keyClick(bench.line("units"), leave)
    assert bench.line("units").text() == "64"
    assert not bench.row("units").sentence.isVisibleTo(bench)
    assert not bench.line("units").property("invalid")


def test_a_number_on_its_way_is_not_called_wrong_at_once(bench, qtbot):
    sentence = bench.row("share").sentence
    retype(bench.line("share"), "0.")
    assert not sentence.isVisibleTo(bench)
    QTest.keyClicks(bench.line("share"), "8")
    assert bench.spec.share == 0.8
    retype(bench.line("share"), "0")
    qtbot.waitUntil(lambda: sentence.isVisibleTo(bench), timeout=3 * PATIENCE_MS)
    assert "above 0 and at most 1; got 0" in sentence.text.text()


def test_the_1_of_1e_minus_4_is_no_learning_rate(bench):
    retype(bench.line("rate"), "1e-4")
    assert bench.spec.rate == 1e-4
    assert [change.key for change in bench.changes] == ["rate"]


def test_a_large_learning_rate_takes_effect_after_a_pause_or_when_it_is_left(bench, qtbot):
    retype(bench.line("rate"), "2")
    assert bench.spec.rate == 0.01
    qtbot.waitUntil(lambda: bench.spec.rate == 2, timeout=3 * PATIENCE_MS)
    retype(bench.line("rate"), "3")
    bench.line("units").setFocus()
    assert bench.spec.rate == 3
    retype(bench.line("rate"), "5")
    QTest.keyClick(bench.line("rate"), Qt.Key.Key_Escape)
    assert (bench.spec.rate, bench.line("rate").text()) == (3, "3")


def test_enter_asks_for_the_sentence_now(bench):
    retype(bench.line("share"), "1e")
    QTest.keyClick(bench.line("share"), Qt.Key.Key_Return)
    assert bench.row("share").sentence.isVisibleTo(bench)
    assert bench.line("share").text() == "1e"
    assert bench.spec.share == 0.5, "the value from before the typing"


def test_a_shape_is_typed_with_any_times_sign(bench):
    retype(bench.line("shape"), "1 x 28 x 28")
    assert bench.spec.shape == (1, 28, 28)
    QTest.keyClick(bench.line("shape"), Qt.Key.Key_Return)
    assert bench.line("shape").text() == "1 × 28 × 28"


# Keys, wheel and steppers


def test_arrow_keys_step_by_what_fits_the_field(bench):
    line = bench.line("units")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert (bench.spec.units, line.text()) == (65, "65")
    QTest.keyClick(line, Qt.Key.Key_PageDown)
    assert bench.spec.units == 55
    QTest.keyClick(bench.line("share"), Qt.Key.Key_Down)
    assert bench.spec.share == 0.45


def test_a_tick_in_an_inherited_field_starts_from_the_inherited_value(bench):
    QTest.keyClick(bench.line("keep"), Qt.Key.Key_Up)
    assert bench.spec.keep == 0.85


def test_the_steppers_answer_the_mouse(bench):
    up, down = bench.line("units").findChildren(QWidget, options=_DIRECT)[-2:]
    QTest.mouseClick(up, Qt.MouseButton.LeftButton)
    QTest.mouseClick(up, Qt.MouseButton.LeftButton)
    QTest.mouseClick(down, Qt.MouseButton.LeftButton)
    assert bench.spec.units == 65
    assert bench.line("units").hasFocus()


def test_the_wheel_changes_a_field_only_when_it_has_the_focus(bench):
    bench.line("share").setFocus()
    wheel(bench.line("units"))
    wheel(bench.combo("form"))
    assert not bench.changes
    bench.line("units").setFocus()
    wheel(bench.line("units"))
    assert bench.spec.units == 65


def test_undo_keys_are_left_to_the_project(bench):
    undone = []
    bench.keyPressEvent = lambda event: undone.append(event.matches(QKeySequence.StandardKey.Undo))
    retype(bench.line("units"), "12")
    QTest.keyClick(bench.line("units"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bench.line("units").text() == "12"
    assert undone[-1]


def test_a_focused_field_shows_a_value_that_came_from_elsewhere(bench):
    retype(bench.line("units"), "12")
    bench.specs = [bench.spec.replace(units=64)]
    bench.refresh()
    assert bench.line("units").text() == "64"
    assert bench.line("units").hasFocus()


def test_a_draft_survives_a_change_of_another_field(bench):
    retype(bench.line("units"), "0")
    bench.specs = [bench.spec.replace(share=0.7)]
    bench.refresh()
    assert bench.line("units").text() == "0"
    assert bench.row("units").sentence.isVisibleTo(bench)
    assert bench.line("share").text() == "0.7"


# Inherited and empty


def test_an_inherited_value_is_shown_as_such_and_an_own_value_is_marked(bench):
    row = bench.row("keep")
    assert row.editor.line.text() == ""
    assert row.editor.line.placeholderText() == "0.8 (inherited)"
    assert row.editor.line.property("inherited")
    assert not row.label.marked
    assert not row.reset.isVisibleTo(bench)
    retype(row.editor.line, "0.9")
    assert row.label.marked
    assert row.label.property("overridden")
    assert row.reset.isVisibleTo(bench)
    assert not row.editor.line.property("inherited")


def test_the_arrow_takes_the_inherited_value_again(bench):
    retype(bench.line("keep"), "0.9")
    reset = bench.row("keep").reset
    assert reset.accessibleName() == "Reset Keep to the inherited value"
    assert "0.8" in reset.toolTip()
    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert bench.spec.keep is None
    assert bench.line("keep").text() == ""
    assert not reset.isVisibleTo(bench)
    assert not bench.row("keep").label.marked


def test_an_emptied_field_is_inherited_again(bench):
    retype(bench.line("keep"), "0.9")
    retype(bench.line("keep"), "")
    assert bench.spec.keep is None


def test_an_empty_number_that_is_needed_is_refused(bench, qtbot):
    retype(bench.line("units"), "")
    QTest.keyClick(bench.line("units"), Qt.Key.Key_Return)
    assert bench.row("units").sentence.isVisibleTo(bench)
    assert bench.spec.units == 64


def test_an_inheriting_yes_or_no_has_three_states(bench):
    combo = bench.combo("norm")
    assert [combo.itemText(i) for i in range(3)] == ["Inherited: yes", "yes", "no"]
    assert combo.currentText() == "Inherited: yes"
    assert combo.property("inherited")
    choose(combo, "no")
    assert bench.spec.norm is False
    choose(combo, "yes")
    assert bench.spec.norm is True
    choose(combo, "Inherited: yes")
    assert bench.spec.norm is None


def test_a_box_is_ticked_with_space_and_the_mouse(bench):
    box = bench.row("active").editor.box
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert bench.spec.active is False
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert bench.spec.active is True


def test_a_word_is_chosen_from_a_list(bench):
    choose(bench.combo("form"), "square")
    assert bench.spec.form == "square"


# Families


def test_a_family_offers_what_is_inherited_and_every_member(bench):
    combo = bench.combo("flavor")
    texts = [combo.itemText(i) for i in range(combo.count())]
    assert texts == ["Inherited: Spicy", "Plain", "Spicy"]
    assert not bench.row("flavor").editor.nested.isVisibleTo(bench)


def test_choosing_the_inherited_kind_begins_with_the_inherited_values(bench):
    choose(bench.combo("flavor"), "Spicy")
    assert bench.spec.flavor == Spicy(heat=0.2)


def test_a_members_own_fields_are_edited_below(bench):
    choose(bench.combo("flavor"), "Spicy")
    nested = bench.row("flavor").editor.nested
    assert nested.isVisibleTo(bench)
    retype(nested.form.rows["heat"].editor.line, "0.7")
    assert bench.spec.flavor == Spicy(heat=0.7)
    assert bench.changes[-1].key == "flavor.heat"
    assert bench.changes[-1].title == "Heat"


def test_a_bad_value_of_a_member_is_refused_at_its_own_field(bench):
    choose(bench.combo("flavor"), "Spicy")
    row = bench.row("flavor").editor.nested.form.rows["heat"]
    retype(row.editor.line, "7")
    assert "Heat must be a number between 0 and 1; got 7" in row.sentence.text.text()
    assert bench.spec.flavor == Spicy(heat=0.2)
    assert not bench.row("flavor").sentence.isVisibleTo(bench)


def test_the_list_keeps_the_focus_when_the_fields_below_change(bench):
    combo = bench.combo("flavor")
    choose(combo, "Spicy")
    choose(combo, "Plain")
    assert combo.hasFocus()
    assert bench.row("flavor").editor.nested.form is None


# Several specs at once


def test_mixed_values_are_shown_as_such_and_typing_sets_them_all(qtbot):
    bench = make_bench(qtbot, Sample(units=64), Sample(units=32, active=False, form="square"))
    assert bench.line("units").text() == ""
    assert bench.line("units").placeholderText() == "mixed values"
    assert bench.combo("form").currentIndex() == -1
    assert bench.row("active").editor.box.checkState() == Qt.CheckState.PartiallyChecked
    retype(bench.line("units"), "8")
    assert [spec.units for spec in bench.specs] == [8, 8]
    QTest.keyClick(bench.row("active").editor.box, Qt.Key.Key_Space)
    assert bench.specs[0].active == bench.specs[1].active


def test_leaving_a_mixed_field_changes_nothing(qtbot):
    bench = make_bench(qtbot, Sample(units=64), Sample(units=32))
    bench.line("units").setFocus()
    QTest.keyClick(bench.line("units"), Qt.Key.Key_Return)
    QTest.keyClick(bench.line("units"), Qt.Key.Key_Tab)
    assert not bench.changes


def test_a_members_field_changes_in_every_member_and_leaves_the_rest(qtbot):
    bench = make_bench(qtbot, Sample(flavor=Spicy(heat=0.1)), Sample(flavor=Spicy(heat=0.3)))
    line = bench.row("flavor").editor.nested.form.rows["heat"].editor.line
    assert line.placeholderText() == "mixed values"
    retype(line, "1")
    assert [spec.flavor.heat for spec in bench.specs] == [1, 1]


def test_different_kinds_are_mixed_and_have_no_fields_below(qtbot):
    bench = make_bench(qtbot, Sample(flavor="plain"), Sample(flavor="spicy"))
    assert bench.combo("flavor").currentIndex() == -1
    assert not bench.row("flavor").editor.nested.isVisibleTo(bench)


def test_only_fields_with_the_same_type_and_limits_are_shared():
    class Other(Spec):
        units: int = setting(64, title="Units", help="How many.", ge=1, le=10)
        active: bool = setting(False, title="Active", help="On or off.")

    assert list(shared_fields([Sample, Other])) == ["active"]
    assert list(shared_fields([Sample, Sample])) == list(Sample.model_fields)


# Layout


def test_labels_move_above_their_editors_where_these_would_be_cut_off(bench):
    bench.form.resize(500, 640)
    assert not bench.row("flavor").stacked
    bench.form.resize(150, 640)
    QApplication.processEvents()
    assert bench.row("flavor").stacked
    label, row = bench.row("flavor").label, bench.row("flavor")
    assert label.geometry().bottom() < row.geometry().top()


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def test_tab_follows_the_reading_order_also_through_fields_that_came_later(bench):
    choose(bench.combo("flavor"), "Spicy")
    heat = bench.row("flavor").editor.nested.form.rows["heat"].editor.line
    visited = []
    bench.line("units").setFocus()
    for _ in range(30):
        visited.append(QApplication.focusWidget().accessibleName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is bench.line("units"):
            break
    titles = [row.editor.field.title for row in bench.form.rows.values()]
    assert visited == [*titles, "Reset Flavor to the inherited value", "Heat"]
    assert heat.accessibleName() == "Heat"


def test_a_refusal_is_told_to_screen_readers(bench):
    retype(bench.line("units"), "0")
    assert bench.line("units").accessibleDescription().startswith("Units must be")
    QTest.keyClick(bench.line("units"), Qt.Key.Key_Escape)
    assert bench.line("units").accessibleDescription().startswith("How many.")


def test_nested_editors_stand_under_the_others(bench):
    choose(bench.combo("flavor"), "Spicy")
    QApplication.processEvents()
    heat = bench.row("flavor").editor.nested.form.rows["heat"]
    left = heat.mapTo(bench, QPoint()).x()
    assert abs(left - bench.row("units").mapTo(bench, QPoint()).x()) <= 1


def test_a_field_that_nobody_may_change_is_shown_and_cannot_be_edited(qtbot):
    class Kept(Spec):
        source: str = setting("as saved", title="Saved as", help="Kept as it was.", frozen=True)

    bench = make_bench(qtbot, Kept())
    retype(bench.line("source"), "x")
    assert bench.line("source").text() == "as saved"
    assert not bench.changes


def test_what_people_type_is_never_read_as_markup(bench):
    retype(bench.line("units"), "<b>bold</b>")
    text = bench.row("units").sentence.text
    assert "<b>bold</b>" in text.text()
    assert text.textFormat() == Qt.TextFormat.PlainText


def test_a_refusal_stands_under_the_title_of_its_field_whatever_the_engine_calls_it():
    with pytest.raises(SpecError) as raised:
        Dense(units=0)
    field = fields_of(Dense)["units"]
    assert titled(Refusal(raised.value), field) == f"{field.title} {raised.value.limits}"
    other = Refusal(SpecError("Dense: units are odd.", field="width", limits="are odd."))
    assert titled(other, field) == "Dense: units are odd."
    assert titled("Training: units must be even.", field) == "Training: units must be even."
