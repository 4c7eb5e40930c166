"""The user's own blocks: a file that survives damage, other windows and full disks."""

import json

import pytest

import engine
from engine.limits import MAX_BLOCKS
from engine.project import Group, Note
from studio.model import block_library
from studio.model.block_library import FORMAT, VERSION, BlockLibrary, SavedBlock
from studio.model.fragments import Fragment


def block(name="residual", units=8):
    """Two dense layers and the sum of both."""
    design = engine.Design(
        {"a": engine.Dense(units=units), "b": engine.Dense(units=units), "sum": engine.Add()},
        (engine.Wire("a", "b"), engine.Wire("b", "sum", "in2")),
    )
    places = {"a": (0.0, 0.0), "b": (256.0, 0.0), "sum": (512.0, 8.0)}
    groups = (Group("inner", ("a", "b"), "outer", True), Group("outer", ("sum",), "", True))
    piece = Fragment(design, places, (Note("why", 1.0, 2.0, 160.0),), groups)
    return SavedBlock(name, piece, ((("a", "in"), ("sum", "in")),), ("sum",))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "blocks.json"


@pytest.fixture
def store(path, qapp):
    return BlockLibrary(path)


def told(store):
    """Sentences from now on."""
    sentences = []
    store.failed.connect(sentences.append)
    return sentences


def read_again(store):
    other = BlockLibrary(store.path)
    other.read()
    return other.blocks


def test_a_kept_block_is_there_in_the_next_session(store):
    assert store.add(block()) == block()
    assert read_again(store) == [block()]
    assert block().words == "3 layers: Dense, Dense, Add"


def test_a_taken_name_gets_a_number(store):
    assert [store.add(block()).name for _ in range(3)] == [
        "residual",
        "residual 2",
        "residual 3",
    ]
    assert [b.name for b in read_again(store)] == ["residual", "residual 2", "residual 3"]


def test_renaming_and_removing_and_putting_back(store):
    for name in ("one", "two", "three"):
        store.add(block(name))
    assert store.rename("two", " zwei ") == ""
    assert store.rename("one", "zwei") == "There is already a block named “zwei”."
    assert store.rename("one", "  ") == "A block needs a name."
    gone = store.blocks[1]
    store.remove("zwei")
    assert [b.name for b in read_again(store)] == ["one", "three"]
    store.put_back(gone, 1)
    assert [b.name for b in read_again(store)] == ["one", "zwei", "three"]


def test_two_windows_keep_blocks_without_losing_each_others(store):
    other = BlockLibrary(store.path)
    other.read()
    store.add(block("here"))
    other.add(block("there"))
    store.add(block("here again"))
    assert [b.name for b in read_again(store)] == ["here", "there", "here again"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 9_000, b"9" * 400]
)
def test_garbage_is_told_of_and_put_aside_but_never_lost(store, content):
    store.path.parent.mkdir()
    store.path.write_bytes(content)
    sentences = told(store)
    store.read()
    assert store.blocks == [] and store.path.read_bytes() == content
    (sentence,) = sentences
    assert "damaged" in sentence and sentence.endswith("started.")
    store.add(block())
    assert read_again(store) == [block()]
    assert [p.read_bytes() for p in store.path.parent.glob("*(damaged*")] == [content]


def test_a_newer_file_is_put_aside_as_well(store):
    newer = {"format": FORMAT, "version": VERSION + 1, "blocks": ["?"]}
    store.path.parent.mkdir()
    store.path.write_text(json.dumps(newer))
    sentences = told(store)
    store.read()
    assert "newer version" in sentences[0]
    store.add(block())
    (aside,) = store.path.parent.glob("*(damaged*")
    assert json.loads(aside.read_text()) == newer


def test_blocks_of_the_first_version_are_read(store):
    """They counted the inputs from 0 on."""
    old = json.loads(json.dumps(block_library.to_json(block("old"))))
    old["piece"] |= {"version": 1, "wires": [["a", "b", 0], ["b", "sum", 1]]}
    old["inputs"] = [[["a", 0], ["sum", 0]]]
    store.path.parent.mkdir()
    store.path.write_text(json.dumps({"format": FORMAT, "version": 1, "blocks": [old]}))
    store.read()
    assert store.blocks == [block("old")]


DAMAGED = [
    None,
    7,
    [],
    {},
    {"name": "x"},
    {**block_library.to_json(block("x")), "name": ""},
    {**block_library.to_json(block("x")), "name": "x" * 101},
    {**block_library.to_json(block("x")), "name": "good"},
    {**block_library.to_json(block("x")), "piece": {}},
    {**block_library.to_json(block("x")), "inputs": [[["nobody", 0]]]},
    {**block_library.to_json(block("x")), "inputs": 3},
    {**block_library.to_json(block("x")), "outputs": ["nobody"]},
    {**block_library.to_json(block("x")), "inputs": [[["a", 10**30]], 0]},
    {"name": "x", "piece": {**block_library.to_json(block("x"))["piece"], "positions": {"a": {}}}},
]


@pytest.mark.parametrize("entry", DAMAGED)
def test_a_damaged_block_is_told_of_and_stays_in_the_file(store, entry):
    entries = [block_library.to_json(block("good")), entry]
    store.path.parent.mkdir()
    values = {"format": FORMAT, "version": VERSION, "blocks": entries}
    store.path.write_text(json.dumps(values))
    sentences = told(store)
    store.read()
    assert [b.name for b in store.blocks] == ["good"]
    assert sentences[0].startswith("1 of your blocks in ")
    store.add(block("new"))
    written = json.loads(store.path.read_text())["blocks"]
    assert [b["name"] for b in written[:2]] == ["good", "new"] and written[2:] == [
        json.loads(json.dumps(entry))
    ]


def test_where_nothing_can_be_written_it_is_said_and_nothing_changes(store):
    store.path.parent.parent.joinpath("data").write_text("a file where the folder should be")
    sentences = told(store)
    store.add(block())
    assert store.blocks == [] and "cannot be saved" in sentences[0]


def test_a_block_travels_in_a_drag(store):
    assert block_library.from_mime(block_library.to_mime(block())) == block()
    data = block_library.to_mime(block())
    data.setData(block_library.BLOCK_MIME, b"{")
    assert block_library.from_mime(data) is None


def test_the_file_of_a_user_is_in_the_folder_for_data(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert BlockLibrary().path.is_relative_to(tmp_path)


def test_more_blocks_than_there_can_be_are_not_parsed(store):
    many = {"format": FORMAT, "version": VERSION, "blocks": [0] * (MAX_BLOCKS + 1)}
    store.path.parent.mkdir()
    store.path.write_text(json.dumps(many))
    sentences = told(store)
    store.read()
    assert store.blocks == [] and "at most 1,000 blocks" in sentences[0]


def test_a_name_that_no_file_would_take_is_refused(store):
    store.add(block("short"))
    assert store.rename("short", "x" * 101) == "A block's name must have at most 100 characters."
    assert [block.name for block in store.blocks] == ["short"]
