"""Makes the scripts of `packaging/` importable by their plain names, as they import each other."""

import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.append(str(PROJECT / "packaging"))


@pytest.fixture(scope="session")
def project():
    """The project's top folder."""
    return PROJECT
