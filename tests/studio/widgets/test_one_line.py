"""A line says what matters, and the rest where there is room for the whole of it."""

from studio.widgets.one_line import OneLine


def test_the_rest_is_left_out_rather_than_cut(qtbot):
    line = OneLine()
    qtbot.addWidget(line)
    line.say("5 of 100 wrong.", "112 × 112 cells.")
    advance = line.fontMetrics().horizontalAdvance
    for room, shown in (
        ("5 of 100 wrong. 112 × 112 cells.", "5 of 100 wrong. 112 × 112 cells."),
        ("5 of 100 wrong. 112", "5 of 100 wrong."),
        ("5 of 100", "5 of…"),
    ):
        line.resize(advance(room) + 1, line.sizeHint().height())
        assert line.words_shown.startswith(shown[:-1])
        assert advance(line.words_shown) <= line.width()
    assert line.toolTip() == line.accessibleName() == "5 of 100 wrong. 112 × 112 cells."
    line.say("", "112 × 112 cells.")
    line.resize(advance("112 × 112 cells.") + 1, line.sizeHint().height())
    assert line.words_shown == "112 × 112 cells."
