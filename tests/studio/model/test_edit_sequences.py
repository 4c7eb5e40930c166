"""Random edit sequences: undo gives the very earlier project, files give an equal one, no surprise.

A model beside the document knows what its undo stack must hold, merged ticks and jumps included.
500 sequences run by default, always the same ones. For thousands of new ones, set the environment
variable EDIT_SEQUENCES to their number:

    EDIT_SEQUENCES=5000 pytest tests/studio/test_edit_sequences.py
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import engine
from engine import Report, Wire
from engine.data import DataPlan
from engine.data.sources import DataSource
from engine.files import dumps, loads
from engine.layers import Layer
from engine.project import Note, Orientation, Project
from studio.canvas import grouping, repetition, saved_blocks
from studio.canvas.blocks import Blocks
from studio.model import edits
from studio.model.document import Document
from studio.model.undo_steps import MERGE_SECONDS
from tests.field_values import valid_values

ASKED = os.environ.get("EDIT_SEQUENCES")
SEQUENCES = settings(
    max_examples=int(ASKED or 500),
    derandomize=ASKED is None,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ANY = st.integers(0, 10**6)
"""Chooses from whatever there is, by remainder."""
PLACES = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
NAMES = st.sampled_from(["x", "h1", "dense", "Größe λ", "a b", "a.b", "", " x", "n" * 61])


LAYERS = [Layer.parse(kind) for kind in Layer.kinds()]
FIELDS = {
    kind: [(name, v) for name, info in cls.model_fields.items() for v in valid_values(info)]
    for kind, cls in Layer.registry.items()
}
TRAINING = [
    (name, value)
    for name, info in engine.TrainingSettings.model_fields.items()
    for value in valid_values(info)
]
TICKED = next(name for name, value in TRAINING if type(value) is int)
TICKS = [value for name, value in TRAINING if name == TICKED][:3]
SOURCES = [DataSource.parse(kind) for kind in DataSource.kinds()]


def pick(things, number):
    things = list(things)
    return things[number % len(things)]


@dataclass
class Step:
    """An undo step as it should be."""

    before: Project
    after: Project
    merge: str
    time: float


class EditSequences(RuleBasedStateMachine):
    """steps[:index] are done, the others undone; clean is the saved index or None."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("studio.model.undo_steps.time.monotonic", lambda: self.now)
        self.document = Document(Project())
        self.steps, self.index, self.clean = [], 0, 0
        self.start = self.shown = self.document.project
        self.document.changed.connect(self._see)

    def teardown(self):
        self._walk_back_and_forth()
        self.patch.undo()

    @property
    def project(self):
        return self.document.project

    @property
    def nodes(self):
        return list(self.project.design.nodes)

    @property
    def groups(self):
        return [group.name for group in self.project.groups]

    def has_nodes(self):
        return bool(self.nodes)

    def has_wires(self):
        return bool(self.project.design.wires)

    # What people do.

    @rule(layer=st.sampled_from(LAYERS), at=PLACES)
    def add(self, layer, at):
        self._edit(lambda p: edits.add_layer(p, layer, at)[0])

    @precondition(has_nodes)
    @rule(tail=ANY, head=ANY, port=st.sampled_from([None, None, "in", "in2", "in4", "a0"]))
    def connect(self, tail, head, port):
        ends = pick(self.nodes, tail), pick(self.nodes, head)
        self._edit(lambda p: edits.connect(p, *ends, port))

    @precondition(has_wires)
    @rule(wires=st.lists(ANY, min_size=1, max_size=3))
    def disconnect(self, wires):
        gone = [pick(self.project.design.wires, number) for number in wires]
        self._edit(lambda p: edits.disconnect(p, gone))

    @precondition(has_nodes)
    @rule(nodes=st.lists(ANY, max_size=3), wires=st.lists(ANY, max_size=2))
    def remove(self, nodes, wires):
        names = {pick(self.nodes, number) for number in nodes}
        known = self.project.design.wires
        gone = [pick(known, number) for number in wires] if known else []
        self._edit(lambda p: edits.remove(p, names, gone))

    @precondition(has_nodes)
    @rule(nodes=st.lists(ANY, min_size=1, max_size=3), at=PLACES)
    def move(self, nodes, at):
        places = {pick(self.nodes, number): at for number in nodes}
        self._edit(lambda p: edits.move(p, places))

    @precondition(has_nodes)
    @rule(node=ANY, choice=ANY, merges=st.booleans())
    def set_field(self, node, choice, merges):
        name = pick(self.nodes, node)
        values = FIELDS[self.project.design.nodes[name].kind]
        if values:
            field, value = pick(values, choice)
            merge = f"{name}.{field}" if merges else ""
            self._edit(lambda p: edits.set_field(p, name, field, value), merge)

    @precondition(has_nodes)
    @rule(node=ANY, new=NAMES)
    def rename(self, node, new):
        self._edit(lambda p: edits.rename(p, pick(self.nodes, node), new))

    @rule(choice=ANY, merges=st.booleans())
    def set_training(self, choice, merges):
        field, value = pick(TRAINING, choice)
        self._edit(lambda p: edits.set_training(p, field, value), field if merges else "")

    @rule(value=st.sampled_from(TICKS), pause=st.sampled_from([0.0, 0.0, MERGE_SECONDS + 0.1]))
    def tick(self, value, pause):
        """A spin box: quick ticks are one step, and none if they come back to the start."""
        self.now += pause
        self._edit(lambda p: edits.set_training(p, TICKED, value), "ticks")

    @rule(source=st.sampled_from(SOURCES), seed=st.integers(0, 2), normalize=st.booleans())
    def set_data(self, source, seed, normalize):
        plan = DataPlan(source=source, seed=seed, normalize=normalize)
        self._edit(lambda p: edits.set_data(p, plan))

    @precondition(has_nodes)
    @rule(nodes=st.lists(ANY, min_size=1, max_size=4))
    def group(self, nodes):
        names = {pick(self.nodes, number) for number in nodes}
        self._edit(lambda p: grouping.make(p, names)[0])

    @precondition(lambda self: self.project.groups)
    @rule(group=ANY, deed=st.sampled_from(["fold", "open", "dissolve", "delete", "copy"]))
    def change_group(self, group, deed):
        name = pick(self.groups, group)
        inside = grouping.all_nodes(self.project, name)
        places = {node: self.project.positions.get(node, (0.0, 0.0)) for node in self.nodes}
        deeds = {
            "fold": lambda p: grouping.fold(p, [name], True),
            "open": lambda p: grouping.fold(p, [name], False),
            "dissolve": lambda p: grouping.dissolve(p, [name]),
            "delete": lambda p: edits.remove(p, inside),
            "copy": lambda p: saved_blocks.put(
                p, saved_blocks.block_of(p, name, places), (8.0, 8.0)
            )[0],
        }
        self._edit(deeds[deed])

    @precondition(lambda self: self.project.groups)
    @rule(group=ANY, new=NAMES)
    def rename_group(self, group, new):
        self._edit(lambda p: grouping.rename(p, pick(self.groups, group), new))

    @precondition(lambda self: self.project.groups)
    @rule(group=ANY, times=st.integers(1, 3))
    def repeat_group(self, group, times):
        name = pick(self.groups, group)
        places = {node: self.project.positions.get(node, (0.0, 0.0)) for node in self.nodes}
        self._edit(lambda p: repetition.repeat(p, name, times, places, (64.0, 0.0))[0])

    @rule(words=st.sampled_from(["why", "", "Größe\nλ", " "]), at=PLACES)
    def write_note(self, words, at):
        self._edit(lambda p: edits.add_remark(p, Note(words, *at, 160.0)))

    @precondition(lambda self: self.project.remarks)
    @rule(number=ANY, at=PLACES, goes=st.booleans())
    def change_note(self, number, at, goes):
        index = number % len(self.project.remarks)
        if goes:
            self._edit(lambda p: edits.remove_remarks(p, [index]))
        else:
            self._edit(lambda p: edits.change_remarks(p, {index: {"x": at[0], "y": at[1]}}))

    @rule(orientation=st.sampled_from(get_args(Orientation)), at=PLACES)
    def orient(self, orientation, at):
        places = dict.fromkeys(self.nodes[:2], at)
        self._edit(lambda p: edits.orient(p, orientation, places))

    @rule()
    def undo(self):
        self.document.undo_stack.undo()
        self.index = max(self.index - 1, 0)

    @rule()
    def redo(self):
        self.document.undo_stack.redo()
        self.index = min(self.index + 1, len(self.steps))

    @precondition(lambda self: self.steps)
    @rule(choice=ANY)
    def jump(self, choice):
        self.index = choice % (len(self.steps) + 1)
        self.document.undo_stack.setIndex(self.index)

    @rule()
    def save(self):
        self.document.undo_stack.setClean()
        self.clean = self.index

    # What must always hold.

    @invariant()
    def the_document_is_where_the_model_is(self):
        stack = self.document.undo_stack
        assert (stack.index(), stack.count()) == (self.index, len(self.steps))
        assert self.document.modified == (self.index != self.clean)
        assert self.project == (self.steps[self.index - 1].after if self.index else self.start)

    @invariant()
    def views_were_told_and_the_check_has_answered(self):
        assert self.shown is self.project
        assert isinstance(self.document.report, Report)
        assert set(self.document.report.shapes) <= set(self.nodes)
        assert list(self.document.shown.nodes) == self.nodes

    @invariant()
    def the_project_is_consistent(self):
        design = self.project.design
        assert set(self.project.positions) <= set(design.nodes)
        assert all(isinstance(wire, Wire) for wire in design.wires)
        assert all({wire.source, wire.target} <= set(design.nodes) for wire in design.wires)
        inputs = [(wire.target, wire.port) for wire in design.wires]
        assert len(set(inputs)) == len(inputs)

    @invariant()
    def every_layer_is_in_one_block_and_one_group_at_most(self):
        members = [node for group in self.project.groups for node in group.nodes]
        assert len(members) == len(set(members)) and set(members) <= set(self.nodes)
        assert {g.parent for g in self.project.groups} <= {"", *self.groups}
        assert all(grouping.all_nodes(self.project, name) for name in self.groups)
        blocks = Blocks(self.project)
        shown = [node for key in blocks.shown for node in blocks.members(key)]
        assert sorted(shown) == sorted(self.nodes)

    @invariant()
    def saving_and_loading_is_the_identity(self):
        text = dumps(self.project)
        again = loads(text)
        assert again == self.project
        assert dumps(again) == text

    # The model.

    def _edit(self, make, merge=""):
        before = self.project
        refusal = self.document.try_edit(make, "An edit", merge)
        if refusal:
            assert refusal.endswith((".", "?", ")")), refusal
            assert self.project is before
        elif self.project is not before:
            self._push(before, self.project, merge)
        else:
            assert make(before) == before

    def _push(self, before, after, merge):
        del self.steps[self.index :]
        if self.clean is not None and self.clean > self.index:
            self.clean = None
        last = self.steps[-1] if self.steps else None
        if last and merge and self._merges(last, merge):
            last.after, last.time = after, self.now
            if last.after == last.before:
                self.steps.pop()
        else:
            self.steps.append(Step(before, after, merge, self.now))
        self.index = len(self.steps)

    def _merges(self, last, merge):
        soon = self.now - last.time <= MERGE_SECONDS
        return last.merge == merge and soon and self.index != self.clean

    def _see(self, before, after):
        assert before is self.shown
        self.shown = after

    def _walk_back_and_forth(self):
        stack = self.document.undo_stack
        for step in reversed(self.steps[: self.index]):
            assert self.project == step.after
            stack.undo()
            assert self.project is step.before
        for step in self.steps:
            assert self.project == step.before
            stack.redo()
            assert self.project is step.after


@pytest.mark.slow
def test_after_any_sequence_undo_files_and_check_hold(qtbot):
    run_state_machine_as_test(EditSequences, settings=SEQUENCES)
