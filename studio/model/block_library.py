"""The user's saved blocks: groups saved for reuse, in one file for all projects.

{"format": "backprop-studio-blocks", "version": 2, "blocks": [{"name", "piece": see `piece`,
"inputs": [[[node, port], ...], ...], "outputs": [node, ...]}]}
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Signal

from engine.errors import EngineError, FileError
from engine.files.disk import read_bytes, write_safely
from engine.files.json_text import from_text, to_text
from engine.files.migrations import port_of_version_1
from engine.limits import MAX_BLOCK_NAME_LENGTH, MAX_BLOCKS
from engine.malformed import refused
from studio.model import fragments
from studio.model.fragments import Fragment

FORMAT, VERSION = "backprop-studio-blocks", 2
FILE_NAME = "blocks.json"
BLOCK_MIME = "application/x-backprop-studio-block"
MOST_NAMES = 6
"""A block is described by at most this many layers."""

End = tuple[str, str]
"""An input of a layer: the names of the layer and the port."""


@dataclass(frozen=True)
class SavedBlock:
    """A group of layers. inputs: for each layer outside that fed the group, the inputs it fed.
    outputs: the group's layers that fed layers outside."""

    name: str
    piece: Fragment
    inputs: tuple[tuple[End, ...], ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is in it, in one line."""
        titles = [layer.title for layer in self.piece.design.nodes.values()]
        more = ", …" if len(titles) > MOST_NAMES else ""
        return f"{len(titles)} layers: {', '.join(titles[:MOST_NAMES])}{more}"


class BlockLibrary(QObject):
    """Reads and writes the blocks. blocks: those in the file, oldest first.

    Entries that this version cannot read are written back unchanged.
    changed: a block was added, renamed or removed. failed(sentence): the file cannot be read or
    written.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """path: None for the file of this user."""
        super().__init__(parent)
        self.path = path or _of_this_user()
        self.blocks: list[SavedBlock] = []
        self._foreign: list[Any] = []

    def read(self) -> None:
        """Load the file."""
        trouble = self._read()
        if self._foreign:
            told = self.tr("{0} of your blocks in “{1}” cannot be read; they stay in that file.")
            trouble = told.format(len(self._foreign), self.path)
        if trouble:
            self.failed.emit(trouble)
        self.changed.emit()

    def add(self, block: SavedBlock) -> SavedBlock:
        """Add a block. If its name is taken, it gets a number. Returns the block as it was
        saved."""

        def added(blocks: list[SavedBlock]) -> list[SavedBlock]:
            nonlocal block
            block = replace(block, name=_free_name(block.name, {b.name for b in blocks}))
            return [*blocks, block]

        self._change(added)
        return block

    def rename(self, old: str, new: str) -> str:
        """Rename a block. Returns why the name is refused, or an empty string."""
        new = new.strip()
        if not new:
            return self.tr("A block needs a name.")
        if len(new) > MAX_BLOCK_NAME_LENGTH:
            told = self.tr("A block's name must have at most {0} characters.")
            return told.format(MAX_BLOCK_NAME_LENGTH)
        if new != old and any(block.name == new for block in self.blocks):
            return self.tr("There is already a block named “{0}”.").format(new)
        self._change(lambda bs: [replace(b, name=new) if b.name == old else b for b in bs])
        return ""

    def remove(self, name: str) -> None:
        """Delete a block."""
        self._change(lambda blocks: [block for block in blocks if block.name != name])

    def put_back(self, block: SavedBlock, place: int) -> None:
        """Restore a removed block at its place."""
        self._change(lambda blocks: [*blocks[:place], block, *blocks[place:]])

    def _change(self, make: Callable[[list[SavedBlock]], list[SavedBlock]]) -> None:
        """Read the file again, edit, and write: another window may have added blocks."""
        before = self.blocks
        trouble = self._read()
        self.blocks = make(self.blocks)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if trouble:
                self.path.replace(self._aside())
            write_safely(self.path, self._written())
        except FileError as error:
            self.blocks = before
            self.failed.emit(str(error))
        except OSError as error:
            self.blocks = before
            cause = (error.strerror or str(error)).lower()
            told = self.tr("“{0}” cannot be saved: {1}.")
            self.failed.emit(told.format(self.path, cause))
        self.changed.emit()

    def _read(self) -> str:
        """Read the file; returns why it cannot be read at all, or an empty string."""
        self.blocks, self._foreign = [], []
        if not self.path.exists():
            return ""
        try:
            entries = _entries(read_bytes(self.path))
        except FileError as error:
            told = self.tr(
                "Your blocks cannot be read: {0} When you save another block, the file is renamed "
                "to “{1}” and a new one is started."
            )
            return told.format(error, self._aside().name)
        for entry in entries:
            try:
                self.blocks.append(_parsed(entry, {block.name for block in self.blocks}))
            except FileError:
                self._foreign.append(entry)
        return ""

    def _aside(self) -> Path:
        """A free name in the same folder, for a damaged file."""
        number = 1
        while (path := self.path.with_name(f"{self.path.stem} (damaged {number}).json")).exists():
            number += 1
        return path

    def _written(self) -> bytes:
        entries = [to_json(block) for block in self.blocks]
        values = {"format": FORMAT, "version": VERSION, "blocks": [*entries, *self._foreign]}
        return (to_text(values, indent=1) + "\n").encode()


def _of_this_user() -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / FILE_NAME


def _free_name(stem: str, taken: Collection[str]) -> str:
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem} {number}"
    return name


def _entries(content: bytes) -> list[Any]:
    """The blocks in a file, not yet parsed. Raises FileError if it is not a block file."""
    with refused(f"'{FILE_NAME}' is damaged"):
        values = from_text(content.decode(), FILE_NAME)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise FileError(f"'{FILE_NAME}' is damaged.")
    if values.get("version") not in (1, VERSION):
        raise FileError(f"'{FILE_NAME}' comes from a newer version of the program.")
    entries = values.get("blocks")
    if not isinstance(entries, list) or len(entries) > MAX_BLOCKS:
        raise FileError(f"'{FILE_NAME}' is damaged: it must hold at most {MAX_BLOCKS:,} blocks.")
    return entries


def to_json(block: SavedBlock) -> dict[str, Any]:
    """The block as JSON values."""
    return {
        "name": block.name,
        "piece": fragments.to_json(block.piece),
        "inputs": [[list(end) for end in fed] for fed in block.inputs],
        "outputs": list(block.outputs),
    }


def to_mime(block: SavedBlock) -> QMimeData:
    """The block in a drag."""
    data = QMimeData()
    data.setData(BLOCK_MIME, to_text(to_json(block)).encode())
    return data


def from_mime(data: QMimeData) -> SavedBlock | None:
    """The block in a drag; None if the drag holds no readable block."""
    if not data.hasFormat(BLOCK_MIME):
        return None
    try:
        with refused("The dragged block is damaged"):
            return _parsed(from_text(bytes(data.data(BLOCK_MIME).data()).decode(), "block"), ())
    except EngineError:
        return None


def _port(saved: Any) -> str:
    """The name of a port; version 1 of the file counted ports from 0."""
    return str(port_of_version_1(saved))


def _parsed(values: Any, taken: Collection[str]) -> SavedBlock:
    """A block from its JSON values. Raises FileError if they are not a block."""
    with refused("A block is damaged"):
        block = SavedBlock(
            str(values["name"]).strip(),
            fragments.from_json(values["piece"]),
            tuple(tuple((str(n), _port(p)) for n, p in fed) for fed in values["inputs"]),
            tuple(str(node) for node in values["outputs"]),
        )
    named = {node for fed in block.inputs for node, _ in fed} | set(block.outputs)
    if not 0 < len(block.name) <= MAX_BLOCK_NAME_LENGTH:
        raise FileError(f"A block's name must have 1 to {MAX_BLOCK_NAME_LENGTH} characters.")
    if block.name in taken or not named <= set(block.piece.design.nodes):
        raise FileError("A block has a duplicate name or is connected to missing layers.")
    return block
