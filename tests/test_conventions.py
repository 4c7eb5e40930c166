"""What CONTRIBUTING promises about the source, checked by reading it."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]


def nodes(*folders):
    """Every syntax node of these folders, with its place: ("engine/spec.py:12", node)."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", node


def test_a_class_name_is_unique_in_the_program():
    places = defaultdict(list)
    for place, node in nodes("engine", "studio"):
        if isinstance(node, ast.ClassDef):
            places[node.name].append(place)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
