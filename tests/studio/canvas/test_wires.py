"""Drawing, refusing, moving and deleting wires with the mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt

import engine
from engine import Wire
from engine.project import Project
from studio.canvas import pointer_hint
from studio.canvas.node_item import TargetMark
from studio.canvas.port import Port
from studio.canvas.wire_item import PreviewItem
from studio.model.document import Document


def wires(document):
    return set(document.project.design.wires)


def test_a_wire_is_drawn_from_an_output_to_an_input(document, hand):
    hand.drag(hand.port("h1"), hand.port("free", "in"))
    assert Wire("h1", "free") in wires(document)
    assert document.undo_stack.undoText() == "Connect h1 to free"


def test_a_wire_is_drawn_from_an_input_back_to_an_output(document, hand):
    hand.drag(hand.port("free", "in"), hand.port("x"))
    assert Wire("x", "free") in wires(document)


def test_a_wire_may_be_let_go_anywhere_on_a_node(document, hand):
    hand.drag(hand.port("x"), hand.node("free"))
    assert Wire("x", "free") in wires(document)


def test_while_it_is_drawn_the_wire_is_seen_and_the_target_shown(view, document, hand):
    hand.press(hand.port("h1"))
    hand.move(hand.nowhere())
    previews = [item for item in view.canvas.items() if isinstance(item, PreviewItem)]
    assert len(previews) == 1
    hand.move(hand.port("free", "in"))
    free = view.canvas.nodes["free"]
    assert (free.mark, free.hovered) == (TargetMark.FITS, Port("free", "in"))
    hand.release(hand.port("free", "in"))
    assert free.mark is TargetMark.NONE
    assert not [item for item in view.canvas.items() if isinstance(item, PreviewItem)]


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("h2", "h1", "close a cycle"),
        ("x", "h2", "already has a wire, from 'h1'"),
        ("h1", "x", "nothing can feed it"),
    ],
)
def test_an_impossible_wire_is_refused_with_the_reason_at_the_pointer(
    view, document, hand, source, target, reason
):
    before = document.project
    hand.press(hand.port(source))
    hand.move(hand.node(target))
    assert reason in view.pointer_hint.text() and view.pointer_hint.isVisible()
    near = view.pointer_hint.geometry().topLeft() - hand.node(target)
    assert near.manhattanLength() < 80
    hand.release(hand.node(target))
    assert view.pointer_hint.isVisible()  # still to be read after letting go
    assert document.project is before


def test_a_wire_whose_shape_does_not_fit_is_refused(view, document, hand):
    hand.drag(hand.port("h1"), hand.node("sum"))
    hand.drag(hand.port("x"), hand.node("sum"))
    assert "same shape" in view.pointer_hint.text()
    assert wires(document) & {Wire("x", "sum", "in2")} == set()


def test_the_reason_fades(view, hand, qtbot, monkeypatch):
    monkeypatch.setattr(pointer_hint, "STAY_MS", 20)
    hand.drag(hand.port("h2"), hand.node("h1"))
    assert view.pointer_hint.isVisible()
    qtbot.waitUntil(lambda: not view.pointer_hint.isVisible())


def test_escape_cancels_a_wire(view, document, hand):
    before = document.project
    hand.press(hand.port("h1"))
    hand.move(hand.port("free", "in"))
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.port("free", "in"))
    assert document.project is before and view.gesture is None


def test_a_merge_shows_a_port_for_each_wire_and_a_free_one(view, document, hand):
    total = view.canvas.nodes["sum"]
    assert total.face.inputs == ("in",)
    hand.drag(hand.port("h1"), hand.port("sum", "in"))
    assert total.face.inputs == ("in", "in2")
    hand.drag(hand.port("h2"), hand.port("sum", "in2"))
    assert total.face.inputs == ("in", "in2", "in3")
    assert {Wire("h1", "sum"), Wire("h2", "sum", "in2")} <= wires(document)


def test_the_end_of_a_wire_is_taken_to_another_input(document, hand):
    hand.drag(hand.port("h2", "in"), hand.port("free", "in"))
    assert Wire("h1", "free") in wires(document)
    assert Wire("h1", "h2") not in wires(document)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Rewire h1 to free"


def test_the_end_of_a_wire_let_go_on_empty_canvas_deletes_it(document, hand):
    hand.drag(hand.port("h2", "in"), hand.nowhere())
    assert Wire("h1", "h2") not in wires(document)
    assert document.undo_stack.undoText() == "Delete the wire from h1 to h2"


def test_the_end_of_a_wire_put_back_changes_nothing(document, hand):
    before = document.project
    hand.press(hand.port("h2", "in"))
    hand.move(hand.nowhere())
    hand.move(hand.port("h2", "in"))
    hand.release(hand.port("h2", "in"))
    assert document.project is before


def test_a_wire_is_pulled_off_at_its_nearer_end(document, hand):
    near_source = hand.wire("h1", "h2", 0.3)
    hand.drag(near_source, hand.port("x"))
    assert Wire("x", "h2") in wires(document)
    assert Wire("h1", "h2") not in wires(document)


def test_another_source_leaves_the_order_of_inputs(document, hand):
    hand.drag(hand.port("h1"), hand.node("sum"))
    hand.drag(hand.port("h2"), hand.node("sum"))
    hand.drag(hand.port("x"), hand.node("free"))
    hand.drag(hand.wire("h1", "sum", 0.4), hand.port("free"))
    both = [Wire("h1", "sum"), Wire("h2", "sum", "in2")]
    assert document.project.design.inputs_of("sum") == both  # 3 units do not fit 8
    document.try_edit(lambda p: p.replace(design=p.design.edit("free", units=8)), "Fit")
    hand.drag(hand.wire("h1", "sum", 0.4), hand.port("free"))
    assert document.project.design.inputs_of("sum") == [Wire("free", "sum"), both[1]]


def test_a_clicked_wire_is_selected_and_deleted_by_key(view, document, hand):
    hand.click(hand.wire("h1", "h2", 0.8))
    assert view.selected_wires() == [Wire("h1", "h2")]
    hand.key(Qt.Key.Key_Backspace)
    assert Wire("h1", "h2") not in wires(document)


def test_a_port_under_the_mouse_grows(view, hand):
    hand.move(hand.port("h1") + QPoint(8, 0))
    assert view.canvas.nodes["h1"].hovered == Port("h1", None)
    hand.move(hand.nowhere())
    assert view.canvas.nodes["h1"].hovered is None


def test_wires_carry_their_shape(view, document):
    labels = {wire[:2]: item.label.text for wire, item in view.canvas.wires.items()}
    assert labels["x", "h1"] == "4 × m"
    assert labels["h1", "h2"] == "8 × m"
    document.try_edit(lambda p: p.replace(design=p.design.edit("h1", units=9)), "Units")
    item = view.canvas.wires[Wire("h1", "h2")]
    assert item.label.text == "9 × m" and item.label.isVisible()


def test_images_flow_with_all_their_sizes(make_view):
    layers = [engine.Input(shape=(1, 28, 28)), engine.Flatten(), engine.Output(task="binary")]
    view = make_view(Document(Project(design=engine.Design.sequential(layers))))
    item = view.canvas.wires[Wire("input", "flatten")]
    assert item.label.text == "1 × 28 × 28 × m" and item.label.isVisible()


def test_labels_lie_on_no_node_and_on_no_other_label(view, document, hand):
    hand.drag(hand.port("x"), hand.node("free"))
    hand.drag(hand.port("h1"), hand.node("sum"))
    hand.drag(hand.port("h2"), hand.node("sum"))
    shown = [item.label for item in view.canvas.wires.values() if item.label.isVisible()]
    boxes = [label.boundingRect().translated(label.pos()) for label in shown]
    bodies = [item.body.translated(item.pos()) for item in view.canvas.nodes.values()]
    assert len(shown) >= 5
    assert not any(box.intersects(body) for box in boxes for body in bodies)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_wire_to_a_misfit_is_dashed(view, document, hand):
    hand.drag(hand.port("h1"), hand.node("sum"))
    hand.drag(hand.port("h2"), hand.node("sum"))
    document.try_edit(lambda p: p.replace(design=p.design.edit("h1", units=5)), "Units")
    assert view.canvas.wires[Wire("h1", "sum")].misfits
    assert not view.canvas.wires[Wire("x", "h1")].misfits
