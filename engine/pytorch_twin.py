"""PyTorchTwin: the name of the same function in PyTorch, so that tests can compare the two.

Classes of the engine declare their twins; only tests need PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class PyTorchTwin(NamedTuple):
    """name: its full name, such as "torch.optim.SGD". arguments: what our settings are there.

    factor: our result over PyTorch's.
    """

    name: str
    arguments: Mapping[str, Any] = {}
    factor: float = 1.0
