"""machine_memory(): how much memory this computer has."""

from __future__ import annotations

import ctypes
import os


def machine_memory() -> int | None:
    """Physical memory in bytes; None where the system does not tell."""
    if os.name == "nt":
        return _windows_memory()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX; only its first three fields are read."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("physical", ctypes.c_ulonglong),
        ("others", ctypes.c_ulonglong * 6),
    )


def _windows_memory() -> int | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - unknown on other systems
    return status.physical if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None
