"""Translators find a text under one name: that of its widget, or that of its file."""

import ast
from collections import Counter
from pathlib import Path

import studio

FILES = sorted(Path(studio.__file__).parent.rglob("*.py"))


def contexts(tree):
    """The contexts that a file names: what it hands to `translator`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "translator":
            yield ast.literal_eval(node.args[0])


def test_every_file_has_a_context_of_its_own():
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in FILES}
    named = {file: list(contexts(tree)) for file, tree in trees.items()}
    counts = Counter(name for names in named.values() for name in names)
    assert len(counts) > 10
    assert set(counts.values()) == {1}, counts
    for file, tree in trees.items():
        classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        others = set(counts) - set(named[file])
        assert not classes & others, f"{file} has a class with the name of another file's context"
