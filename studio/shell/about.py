"""Which version of the program this is."""

from __future__ import annotations


def installed_version() -> str:
    """The version, such as "0.1.0"; empty where the program runs without being installed."""
    from importlib import metadata  # noqa: PLC0415  a window opens sooner without it

    try:
        return metadata.version("backprop-studio")
    except metadata.PackageNotFoundError:
        return ""
