"""The canvas's modules stand above one another, even for type checkers."""

import grimp
import networkx as nx
import pytest

CANVAS = "studio.canvas"


def circles_of(graph: grimp.ImportGraph) -> list[list[str]]:
    """The circles of imports among the canvas's modules."""
    inside = {CANVAS} | graph.find_descendants(CANVAS)
    arrows = [
        (importer, imported)
        for importer in inside
        for imported in graph.find_modules_directly_imported_by(importer) & inside
    ]
    found = nx.strongly_connected_components(nx.DiGraph(arrows))
    return [sorted(circle) for circle in found if len(circle) > 1]


@pytest.fixture(scope="module")
def graph():
    """All imports of the window, those under TYPE_CHECKING too."""
    return grimp.build_graph("studio", cache_dir=None, exclude_type_checking_imports=False)


def test_no_circle_of_imports_runs_through_the_canvas(graph):
    assert circles_of(graph) == []


def test_a_circle_of_imports_would_be_found(graph):
    graph.add_import(importer=f"{CANVAS}.gestures", imported=f"{CANVAS}.view")
    assert any(f"{CANVAS}.view" in circle for circle in circles_of(graph))
    graph.remove_import(importer=f"{CANVAS}.gestures", imported=f"{CANVAS}.view")
