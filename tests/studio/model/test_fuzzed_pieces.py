"""The clipboard, kept blocks and dragged layers against structural mutations, as in
tests/engine/oracles/test_fuzzed_readers.py."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData

from engine.errors import FileError
from studio.model import block_library, fragments, layer_mime
from studio.model.block_library import BLOCK_MIME, SavedBlock
from studio.model.fragments import Fragment
from tests.engine.files.mutations import as_text, mutated
from tests.engine.files.rich import rich_project


@pytest.fixture(scope="module")
def piece(tmp_path_factory):
    project = rich_project(tmp_path_factory.mktemp("home"))
    places = {name: project.positions.get(name, (0.0, 0.0)) for name in project.design.nodes}
    return Fragment(project.design, places, project.remarks, project.groups)


def many(request, run):
    """Some with every run of the tests, many where --oracles and --mutations ask for them."""
    oracles = request.config.getoption("--oracles")
    count = request.config.getoption("--mutations") // 5 if oracles else 100
    limits = settings(
        max_examples=count, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    limits(given(st.randoms(use_true_random=False))(run))()


def test_what_the_clipboard_holds_is_pasted_or_refused(request, piece):
    values = fragments.to_json(piece)

    def run(random):
        try:
            found = fragments.from_text(as_text(mutated(values, random.randrange)))
        except FileError as error:
            assert str(error)
            return
        text = fragments.as_text(found)
        assert fragments.as_text(fragments.from_text(text)) == text

    many(request, run)


def test_what_a_drag_holds_is_a_block_or_nothing(request, piece):
    ends = ((("a", "in"), ("sum", "in2")),)
    values = block_library.to_json(SavedBlock("kept", piece, ends, ("y",)))

    def run(random):
        data = QMimeData()
        data.setData(BLOCK_MIME, as_text(mutated(values, random.randrange)).encode())
        found = block_library.from_mime(data)
        if found is not None:
            again = block_library.from_mime(block_library.to_mime(found))
            assert again is not None
            assert block_library.to_json(again) == block_library.to_json(found)

    many(request, run)


def test_what_a_drag_holds_is_a_layer_or_nothing(request, piece):
    values = [layer.to_json() for layer in piece.design.nodes.values()]

    def run(random):
        data = QMimeData()
        text = as_text(mutated(random.choice(values), random.randrange))
        data.setData(layer_mime.LAYER_MIME, text.encode())
        found = layer_mime.from_mime(data)
        if found is not None:
            assert layer_mime.from_mime(layer_mime.to_mime(found)) == found

    many(request, run)
