"""Checks everything: `python3 packaging/test.py [--oracles] [pytest arguments]`.

In `.venv` (made when missing), in this order: ruff check, ruff format, mypy, import-linter, pytest.
Every stage runs even when an earlier one fails; the exit code is 0 only when all pass. With
--oracles, the tests that compare with PyTorch and scikit-learn run too; a CPU build is enough.

--floors runs the tests alone, with the oldest versions that pyproject.toml allows; it needs Python
3.11, as later ones have no packages of them. --newest runs them with the versions of today. Each
has an environment of its own, and says which versions it ran.
"""

import os
import sys

from python_check import require_python


def main(arguments):
    """Prepares the environment with the test tools and runs all stages. Returns the exit code."""
    require_python()
    from environment import Environment
    from libraries import ensure_libraries
    from preparation import run_or_explain
    from stages import run_command, run_stages, screens_of_tests
    from versions import installed, taken_from

    def prepare_and_check():
        ensure_libraries(dict(os.environ, **screens_of_tests()))
        versions, left = taken_from(arguments)
        environment = Environment(versions=versions)
        environment.prepare(["test", "oracles"] if "--oracles" in left else ["test"])
        print("Versions: " + ", ".join(installed(environment.python, environment.root)), flush=True)
        return run_stages(environment, left, run_command)

    return run_or_explain(prepare_and_check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
