"""The stepper's line on the canvas: a ring at the layer, beams along the wires at work."""

from engine.walkthrough import Phase, WalkStep
from studio.live_canvas.spotlight import Beam, Ring, Spotlight
from studio.model import edits


def line(node, *sources, phase=Phase.FORWARD):
    return WalkStep(phase, node, sources, "Z = W A + b", ())


def test_layer_and_wires_at_work_are_lit(window):
    light = window.spotlight
    light.show(line("h1", "x"))
    ring, beam = light.items
    assert isinstance(ring, Ring)
    assert ring.node is window.canvas.canvas.nodes["h1"]
    assert "Z = W A + b" in ring.words
    assert isinstance(beam, Beam)
    assert beam.wire.target == "h1"
    light.show(line("y", "h1", phase=Phase.BACKWARD))
    assert light.items[0].words.startswith("←")
    light.show(None)
    assert light.items == []


def test_what_is_deleted_is_no_longer_lit(window):
    window.spotlight.show(line("h1", "x"))
    window.document.edit(edits.remove(window.document.project, ["h1"]), "Delete")
    assert window.spotlight.items == []
    window.document.undo_stack.undo()
    assert len(window.spotlight.items) == 2


def test_a_layer_in_a_folded_group_lights_up_the_group(window):
    window.canvas.select(["h1"])
    window.commands["group"].trigger()
    window.spotlight.show(line("h1", "x"))
    shown = window.canvas.canvas.blocks.block_of("h1")
    assert window.spotlight.items[0].node is window.canvas.canvas.nodes[shown]


def test_the_stepper_lights_up_the_canvas(qtbot, window):
    assert isinstance(window.spotlight, Spotlight)
    numbers = window.docks.widget("numbers")
    numbers.at_work.emit(line("h1", "x"))
    assert len(window.spotlight.items) == 2
    numbers.at_work.emit(None)
    assert window.spotlight.items == []
