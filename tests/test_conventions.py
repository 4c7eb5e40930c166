"""What CONTRIBUTING promises about the source, checked by reading it."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NAMED_TUPLES = ("_replace", "_asdict", "_fields", "_make")
MOST_LINES = 40
ROOT = Path(__file__).parents[1]


def nodes(*folders):
    """Every syntax node of these folders, with its place: ("engine/spec.py:12", node)."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", node


def is_private(name):
    """_name, and not __name__, nor what NamedTuple offers to all: _replace, _asdict..."""
    return name.startswith("_") and not name.endswith("_") and name not in NAMED_TUPLES


def is_own(node):
    """self, cls or super()."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") == "super"
    return getattr(node, "id", "") in ("self", "cls")


def reaches(node):
    """The private names of others that an expression or import uses."""
    if isinstance(node, ast.Attribute) and not is_own(node.value):
        return [node.attr]
    if isinstance(node, ast.ImportFrom):
        return [*(node.module or "").split("."), *(alias.name for alias in node.names)]
    if isinstance(node, ast.Call) and len(node.args) > 1:  # setattr(x, "_y", 0), patch("a.b._c")
        words = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
        return [word.rpartition(".")[2] for word in words if isinstance(word, str)]
    return []


def test_no_test_reaches_into_private_members():
    found = [
        f"{place} {name}"
        for place, node in nodes("tests", "resources/scripts")
        for name in reaches(node)
        if is_private(name) and name.isidentifier()
    ]
    assert found == []


def lines_of(function):
    """Its lines without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - (docstring.end_lineno - docstring.lineno + 1)


def test_no_function_is_longer_than_forty_lines():
    found = [
        f"{place} {node.name}"
        for place, node in nodes("engine", "studio")
        if isinstance(node, ast.FunctionDef) and lines_of(node) > MOST_LINES
    ]
    assert found == []


def test_a_class_name_is_unique_in_the_program():
    places = defaultdict(list)
    for place, node in nodes("engine", "studio"):
        if isinstance(node, ast.ClassDef):
            places[node.name].append(place)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
