"""The refusal of an old Python."""

import ast
import tomllib

import pytest
from python_check import OLDEST, dotted, require_python


def test_the_floor_is_the_one_in_pyproject(project):
    pyproject = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["requires-python"] == f">={dotted(OLDEST)}"


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_older_python_is_refused_with_one_sentence_and_exit_code_2(version):
    written = []
    with pytest.raises(SystemExit) as stopped:
        require_python(version, written.append)
    assert stopped.value.code == 2
    assert "".join(written).count("\n") == 1
    assert f"needs Python 3.11 or newer; this is Python {dotted(version)}." in written[0]


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_supported_python_passes_in_silence(version):
    written = []
    require_python(version, written.append)
    assert written == []


@pytest.mark.parametrize("name", ["run.py", "test.py", "python_check.py"])
def test_what_an_old_python_reads_has_plain_syntax(project, name):
    source = (project / "packaging" / name).read_text(encoding="ascii")
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.Starred, ast.AnnAssign, ast.arg)
    for node in ast.walk(tree):
        assert not isinstance(node, newer[:3]), f"{name}, line {node.lineno}"
        assert getattr(node, "annotation", None) is None, f"{name}, line {node.lineno}"
        assert not (isinstance(node, ast.Dict) and None in node.keys), f"{name}, {node.lineno}"
