"""What is pasted, put in by a fix, or brought back by an undo covers nothing and moves nothing."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication

import engine
from engine import Wire, resources
from engine.design.fixes import fix_of
from engine.files import load_project
from engine.project import Group, Note, Project
from studio.model import edits
from studio.model.document import Document

CONTROL = Qt.KeyboardModifier.ControlModifier
EXAMPLES = sorted(resources.path("examples").glob("*.netdesign"))


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def boxes(view):
    """What everything on the canvas covers; a frame covers only what is not in it."""
    return {
        **{name: view.canvas.nodes_box([name]) for name in view.canvas.nodes},
        **{note.index: note.box() for note in view.canvas.notes},
    }


def covered(view):
    return [pair for pair in combinations(boxes(view).items(), 2) if meet(*pair)]


def meet(one, other):
    return one[1].adjusted(1, 1, -1, -1).intersects(other[1].adjusted(1, 1, -1, -1))


def places(view):
    return view.canvas.all_places()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_undone_delete_puts_every_layer_of_an_example_back_where_it_was(path, make_view):
    document = Document(load_project(path))
    view = make_view(document)
    before = places(view)
    for name in before:
        view.select([name])
        view.delete_selection()
        document.undo_stack.undo()
        assert places(view) == before


def test_deleting_everything_and_undoing_it_moves_nothing(make_view):
    document = Document(load_project(EXAMPLES[2]))
    view = make_view(document)
    view.select(["h1"])
    view.delete_selection()
    before = places(view)
    view.select_all()
    view.delete_selection()
    document.undo_stack.undo()
    assert places(view) == before
    document.undo_stack.undo()
    assert {name: at for name, at in places(view).items() if name != "h1"} == before


def test_another_layer_does_not_inherit_the_place_of_a_deleted_one(make_view):
    document = Document(load_project(EXAMPLES[2]))
    view = make_view(document)
    old = places(view)["h1"]
    view.select(["h1"])
    view.delete_selection()
    project = document.project
    added = project.replace(design=project.design.add("h1", engine.Dense(units=77)))
    document.edit(added, "Add h1")
    assert places(view)["h1"] != old and covered(view) == []


@pytest.mark.parametrize("orientation", ["right", "down"])
@pytest.mark.parametrize("names", [["h1"], ["h1", "h2"], ["x", "h1", "h2", "y"], ["sum", "free"]])
def test_copies_cover_nothing(view, document, names, orientation):
    view.set_orientation(orientation)
    view.select(names)
    for _ in range(3):
        view.duplicate()
    view.select(names)
    view.copy()
    view.paste()
    view.paste()
    assert len(document.project.design.nodes) == 6 + 5 * len(names)
    assert covered(view) == []


def test_copies_of_notes_and_of_groups_cover_nothing(view, document):
    project = edits.add_remark(document.project, Note("Read me", 256.0, 160.0, 240.0))
    document.edit(project.replace(groups=(Group("body", ("h1", "h2")),)), "Prepare")
    view.select_all()
    view.duplicate()
    assert len(view.canvas.frames) == 2 and covered(view) == []
    one, other = (frame.box for frame in view.canvas.frames.values())
    assert not one.intersects(other)
    view.toggle_groups()
    view.duplicate()
    assert covered(view) == []


def test_a_pasted_layer_returns_to_its_place_where_that_is_free(view, document):
    at = document.project.positions["free"]
    view.select(["free"])
    view.cut()
    view.paste()
    assert document.project.positions["free"] == at


def test_what_is_pasted_into_an_empty_part_of_the_view_stands_in_its_middle(view, document):
    view.select(["h1"])
    view.copy()
    view.show_box(QRectF(6000, 6000, 800, 500))
    view.paste()
    box = view.canvas.nodes_box(["h1 2"])
    assert (box.center() - view.seen().center()).manhattanLength() <= 16


def chain(**layers):
    return engine.Design.sequential(list(layers.values()), names=list(layers))


X, Y = engine.Input(features=4), engine.Output(task="binary")
WIDE = chain(x=X, h1=engine.Dense(units=8), sum=engine.Add(), y=Y)
TWO = chain(x=X, h1=engine.Dense(units=8), h2=engine.Dense(units=8), y=Y)
BROKEN = {
    "no output": chain(x=X, h1=engine.Dense(units=8)),
    "no input": chain(h1=engine.Dense(units=8), y=Y),
    "sides that differ": engine.Design(WIDE.nodes, (*WIDE.wires, Wire("x", "sum", "in2"))),
    "a wire too many": engine.Design(TWO.nodes, (*TWO.wires, Wire("h1", "y", "in2"))),
    "pictures for Dense": chain(x=engine.Input(shape=(1, 8, 8)), h1=engine.Dense(units=8), y=Y),
}


@pytest.mark.parametrize("orientation", ["right", "down"])
@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("design", BROKEN.values(), ids=BROKEN)
def test_a_fix_puts_its_layer_between_those_it_is_wired_to(design, saved, orientation, make_view):
    document = Document(Project(design=design, orientation=orientation))
    view = make_view(document)
    if saved:
        view.arrange()
    before, steps = places(view), document.undo_stack.count()
    fixes = (fix_of(problem, design) for problem in document.report.problems)
    fix = next(fix for fix in fixes if fix is not None and len(fix.design.nodes) > len(before))
    document.try_edit(lambda project: project.replace(design=fix.design), fix.title)
    (new,) = set(document.project.design.nodes) - set(before)
    along = {name: at[orientation == "down"] for name, at in places(view).items()}
    wires = [wire for wire in document.project.design.wires if new in wire[:2]]
    assert wires and all(along[wire.source] < along[wire.target] for wire in wires)
    assert covered(view) == [] and document.undo_stack.count() == steps + 1
    document.undo_stack.undo()
    assert places(view) == before


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_normalizing_the_inputs_covers_nothing(path, make_view):
    document = Document(load_project(path))
    view = make_view(document)
    document.try_edit(edits.normalize_inputs, "Normalize the inputs")
    assert covered(view) == []


def test_a_renamed_layer_stays_where_it_is(make_view):
    document = Document(load_project(EXAMPLES[2]))
    view = make_view(document)
    before = places(view)
    document.edit(edits.rename(document.project, "h1", "first"), "Rename h1")
    assert places(view)["first"] == before["h1"] and not document.project.positions
