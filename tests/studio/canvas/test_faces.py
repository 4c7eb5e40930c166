"""What a node tells: settings, parameters, problems, badges."""

import engine
from engine import Problem
from engine.layers import Layer
from studio.canvas.face import face_of_new, ports_of
from studio.canvas.node_words import TEXT_WIDTH, wrapped
from studio.look.theme import theme
from studio.model import edits


def face(view, name):
    return view.canvas.nodes[name].face


def test_the_face_follows_every_edit(view, document):
    assert face(view, "h1").settings[0] == "8"
    assert face(view, "h1").parameters == 4 * 8 + 8
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 16), "Units")
    assert face(view, "h1").settings[0] == "16"
    assert face(view, "h1").parameters == 4 * 16 + 16
    assert face(view, "h2").parameters == 16 * 8 + 8
    document.undo_stack.undo()
    assert face(view, "h1").settings[0] == "8"


def test_what_follows_the_data_is_shown_filled_in(view, document):
    document.try_edit(lambda p: edits.set_field(p, "x", "shape", None), "Follow the data")
    sizes = " × ".join(str(size) for size in document.fit.shape)
    assert face(view, "x").settings[0] == sizes


def test_a_badge_tells_that_a_layer_differs_from_what_it_inherits(view, document):
    assert face(view, "h1").own == ()
    assert face(view, "h2").own == ("Keep probability: 0.5",)
    assert "Keep probability: 0.5" in view.canvas.nodes["h2"].toolTip()
    document.try_edit(lambda p: edits.set_field(p, "h2", "keep_prob", None), "Inherit")
    assert face(view, "h2").own == ()


def test_a_long_title_has_a_short_one_for_the_face():
    assert face_of_new(engine.DotProductAttention()).title == "Attention"
    assert face_of_new(engine.Dense()).title == "Dense"


def test_a_layer_that_is_not_trainable_is_locked(view, document):
    assert not face(view, "h1").locked
    document.try_edit(lambda p: edits.set_field(p, "h1", "trainable", False), "Lock")
    assert face(view, "h1").locked
    assert "not trainable" in view.canvas.nodes["h1"].toolTip()


def test_a_problem_is_on_the_node_with_its_sentence(view, document):
    mine = [p for p in document.report.problems if p.node == "sum"]
    assert mine and all(isinstance(problem, Problem) for problem in mine)
    assert face(view, "sum").problems == tuple(str(problem) for problem in mine)
    assert "needs 2 more inputs" in view.canvas.nodes["sum"].toolTip()
    assert face(view, "h1").problems == ()


def pixels(view, name, color):
    """How many pixels of the node's picture have exactly this color."""
    item = view.canvas.nodes[name]
    area = view.mapFromScene(item.sceneBoundingRect()).boundingRect()
    image = view.viewport().grab(area).toImage()
    wanted = theme_color(color)
    return sum(
        image.pixelColor(x, y).name().upper() == wanted
        for x in range(image.width())
        for y in range(image.height())
    )


def theme_color(name):
    return getattr(theme.colors, name).upper()


def test_the_marks_are_painted(view, document):
    assert pixels(view, "sum", "problem") > 60
    assert pixels(view, "h1", "problem") == 0
    view.select([])
    assert pixels(view, "h2", "accent") > pixels(view, "h1", "accent")


def test_a_selected_node_is_outlined(view):
    before = pixels(view, "h1", "accent")
    view.select(["h1"])
    assert pixels(view, "h1", "accent") > before + 100


def test_the_other_theme_repaints_the_canvas(view):
    light = view.viewport().grab().toImage().pixelColor(5, 5).name()
    try:
        theme.apply(dark=True)
        dark = view.viewport().grab().toImage().pixelColor(5, 5).name()
    finally:
        theme.apply(dark=False)
    assert light != dark


def test_a_bar_shows_each_share_of_the_parameters(view, document):
    counts = document.report.parameters
    total = sum(count for count in counts.values() if count)
    for name, item in view.canvas.nodes.items():
        assert abs(item.share - (counts.get(name) or 0) / total) <= 1 / 400 + 1e-9
    before = view.canvas.nodes["h2"].share
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 4096), "Units")
    assert view.canvas.nodes["h2"].share != before
    assert pixels(view, "h2", "grid") > 100
    assert pixels(view, "x", "grid") == 0
    assert "It has 38 % of the network" in view.canvas.nodes["h1"].toolTip()
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 65536), "Units")
    assert view.canvas.nodes["y"].share > 0, "a layer with any parameter has a bar"
    assert "less than 1 %" in view.canvas.nodes["y"].toolTip()
    assert view.canvas.nodes["x"].share == 0


def test_settings_are_wrapped_into_at_most_two_lines(qapp):
    assert wrapped(()) == []
    assert wrapped(("128", "ReLU")) == ["128 · ReLU"]
    many = ("65536", "Leaky ReLU", "BN", "keep 0.8", "Glorot", "L2 0.001", "L1 0.01")
    assert len(wrapped(many)) == 2
    assert TEXT_WIDTH > 0 and "L1 0.01" in wrapped(many)[1]


def test_long_names_are_shortened_on_the_face_and_whole_in_the_tooltip(view, document):
    name = "a very long name of a layer that never ends"
    document.try_edit(lambda p: edits.rename(p, "h1", name), "Rename")
    item = view.canvas.nodes[name]
    shown = item.words.near.name
    assert shown.text().endswith("…") and shown.size().width() <= TEXT_WIDTH
    assert name in item.toolTip()


def test_only_layers_that_take_more_have_a_free_port():
    for kind in Layer.kinds():
        layer = Layer.parse(kind)
        if layer.inputs.merges:
            assert ports_of(layer, []) == ("in",)
            assert ports_of(layer, ["in", "in2"]) == ("in", "in2", "in3")
            assert ports_of(layer, ["in2"]) == ("in", "in2", "in3")
        else:
            assert ports_of(layer, []) == layer.inputs.names
    assert ports_of(engine.Dense(units=1), ["in"]) == ("in",)
    assert ports_of(engine.Dense(units=1), ["in", "in2"]) == ("in", "in2")
    assert len(ports_of(engine.Add(), list(engine.Add.inputs))) == 32
