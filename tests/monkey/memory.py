"""Memory of this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

MB = 1024 * 1024


def resident_mb() -> float:
    """What the process holds in memory now, in megabytes; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    if sys.platform != "linux" or not statm.exists():
        return 0.0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB
