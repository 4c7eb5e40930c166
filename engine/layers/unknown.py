"""A stand-in for a layer kind that this version does not know, so that no file loses it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from engine.errors import DesignError
from engine.layers.base import Layer, Shape
from engine.layers.ports import Ports
from engine.spec import setting


class UnknownLayer(Layer):
    """Keeps the JSON of a layer from another version, and saves it back unchanged.

    Example: UnknownLayer.of({"kind": "wavelet", "order": 3}). It cannot run.
    """

    abstract = True
    title = "Unknown layer"
    category = "other"
    inputs = Ports.numbered(0, 1, is_open=True)
    outputs = Ports(("out",), is_open=True)
    source: str = setting(
        "{}", title="Saved as", help="The layer's JSON, kept as it was.", frozen=True
    )

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """A stand-in for this JSON object, which has a "kind"."""
        return cls(source=json.dumps(values, sort_keys=True))

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self.source)
        return values

    def face(self) -> list[str]:
        return [str(self.to_json().get("kind"))]

    def output_shape(self, *inputs: Shape) -> Shape:
        raise DesignError(
            f"this version does not know the kind '{self.to_json().get('kind')}'.",
            hint="Open the file with the version that created it, or delete this layer.",
        )
