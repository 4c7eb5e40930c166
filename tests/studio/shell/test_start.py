"""What the start of the window does not wait for."""

import subprocess
import sys

import pytest

LATER = ("networkx", "pandas", "PIL", "tqdm", "ziamath", "latex2mathml", "torch", "matplotlib")
"""Each takes a tenth of a second or more, or is needed only for some data, formulas or commands."""
SCRIPT = """
import sys
from {module} import *
print(*sys.modules)
"""


@pytest.mark.parametrize("module", ["engine", "studio.shell.app"])
def test_the_start_imports_nothing_that_is_needed_later_or_never(module):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert module in loaded
    assert loaded.isdisjoint(LATER)


def test_networkx_is_there_as_soon_as_a_graph_is_asked_for():
    script = "import engine, sys; engine.Design().graph; print('networkx' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
