"""The whole canvas without a mouse."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from engine import Wire
from studio.canvas import CanvasView
from studio.canvas.node_item import TargetMark
from studio.model import edits

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_tab_walks_as_the_data_flow(view, document, hand):
    walked = []
    for _ in document.project.design.nodes:
        hand.key(Key.Key_Tab)
        walked += view.selected_nodes()
    assert walked == document.project.design.order()
    hand.key(Key.Key_Backtab)
    assert view.selected_nodes() == [walked[-2]]


def test_beyond_the_last_node_tab_leaves_the_canvas(document, qtbot):
    window, field = QWidget(), QLineEdit()
    view = CanvasView(document)
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addWidget(field)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    view.focus_canvas()
    view.select([document.project.design.order()[-1]])
    qtbot.keyClick(view, Key.Key_Tab)
    assert field.hasFocus()


def test_alt_and_arrows_walk_along_wires(view, hand):
    view.select(["h1"])
    hand.key(Key.Key_Right, ALT)
    assert view.selected_nodes() == ["h2"]
    hand.key(Key.Key_Left, ALT)
    hand.key(Key.Key_Left, ALT)
    assert view.selected_nodes() == ["x"]
    hand.key(Key.Key_Left, ALT)
    assert view.selected_nodes() == ["x"]
    hand.key(Key.Key_Down, ALT)
    assert view.selected_nodes() == ["free"]
    hand.key(Key.Key_Up, ALT)
    assert view.canvas.nodes[view.selected_nodes()[0]].y() == 0


def test_arrows_nudge_by_the_grid_and_with_shift_by_one_as_one_undo_step(view, document, hand):
    view.select(["h1"])
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Down)
    assert document.project.positions["h1"] == (264, 8)
    hand.key(Key.Key_Left, SHIFT)
    assert document.project.positions["h1"] == (263, 8)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert view.canvas.nodes["h1"].pos() == QPointF(256, 0)


def test_alt_and_an_arrow_choose_the_nearest_of_several_in_a_row(view, document, hand):
    document.try_edit(lambda p: edits.connect(p, "x", "y"), "Skip")
    document.try_edit(lambda p: edits.rename(p, "y", "a"), "Put it first by name")
    view.select(["x"])
    hand.key(Key.Key_Right, ALT)
    assert view.selected_nodes() == ["h1"]


def test_tab_goes_on_where_a_layer_was_deleted_and_an_undo_selects_it_again(view, document, hand):
    order = document.project.design.order()
    place = order.index("h2")
    for key, neighbor in ((Key.Key_Tab, order[place + 1]), (Key.Key_Backtab, order[place - 1])):
        view.select(["h2"])
        hand.key(Key.Key_Delete)
        assert view.selected_nodes() == []
        hand.key(key)
        assert view.selected_nodes() == [neighbor]
        document.undo_stack.undo()
        assert view.selected_nodes() == ["h2"]


def test_an_arrow_with_nothing_selected_selects_the_first_node(view, hand):
    hand.key(Key.Key_Right)
    assert view.selected_nodes() == ["x"]


def test_enter_asks_for_the_settings(view, hand, qtbot):
    view.select(["h1", "h2"])
    with qtbot.waitSignal(view.node_activated) as told:
        hand.key(Key.Key_Return)
    assert told.args == ["h2"]


def test_ctrl_a_selects_all_and_escape_nothing(view, document, hand):
    hand.key(Key.Key_A, CONTROL)
    assert set(view.selected_nodes()) == set(document.project.design.nodes)
    hand.key(Key.Key_Escape)
    assert view.selected_nodes() == []


def test_c_arrows_and_enter_wire_two_nodes(view, document, hand):
    view.select(["h1"])
    hand.key(Key.Key_C)
    seen = set()
    for _ in document.project.design.nodes:
        target = view.gesture.target.node
        seen.add(target)
        if target == "free":
            break
        hand.key(Key.Key_Right)
    assert view.canvas.nodes["free"].mark is TargetMark.FITS and "h1" not in seen
    hand.key(Key.Key_Return)
    assert Wire("h1", "free") in document.project.design.wires
    assert view.gesture is None and view.canvas.nodes["free"].mark is TargetMark.NONE


def test_wiring_by_keyboard_says_why_a_target_is_refused(view, document, hand):
    before = document.project
    view.select(["h2"])
    hand.key(Key.Key_C)
    while view.gesture.target.node != "h1":
        hand.key(Key.Key_Left)
    assert "close a cycle" in view.pointer_hint.text() and view.pointer_hint.isVisible()
    hand.key(Key.Key_Return)
    assert document.project is before and view.pointer_hint.isVisible()


def test_wiring_by_keyboard_is_cancelled_by_escape(view, document, hand):
    before = document.project
    view.select(["h1"])
    hand.key(Key.Key_C)
    hand.key(Key.Key_Escape)
    assert view.gesture is None and document.project is before
    assert view.selected_nodes() == ["h1"]


def test_the_end_of_the_network_feeds_nobody(view, hand):
    view.select(["y"])
    hand.key(Key.Key_C)
    assert view.gesture is None and "nothing can follow" in view.pointer_hint.text()


def test_screen_readers_are_told_what_is_selected(view):
    assert view.accessibleName()
    assert "6 layers" in view.accessibleDescription()
    view.select(["h1"])
    told = view.accessibleDescription()
    assert "Dense 'h1'" in told and "Fed by 'x'" in told and "Leads to 'h2'" in told
    view.select(["sum"])
    assert "Problem:" in view.accessibleDescription()


def test_keys_that_mean_nothing_here_go_on_to_the_window(document, qtbot):
    heard = []

    class Window(QWidget):
        def keyPressEvent(self, event):
            heard.append(event.key())

    window = Window()
    view = CanvasView(document, window)
    qtbot.addWidget(window)
    window.show()
    qtbot.keyClick(view, Key.Key_Q)
    assert heard == [Key.Key_Q]
