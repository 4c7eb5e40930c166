"""A stand-in for a layer kind that this version does not know, so that no file loses it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from engine.errors import DesignError
from engine.layers.base import Layer, Shape
from engine.layers.ports import Ports
from engine.limits import MAX_LAYER_CHARACTERS, MAX_LAYER_DEPTH, MAX_NAME_LENGTH
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
        source = json.dumps(values, sort_keys=True)
        if len(source) > MAX_LAYER_CHARACTERS or _depth(values) > MAX_LAYER_DEPTH:
            raise DesignError("The layer is of an unknown kind, and more than can be kept.")
        if len(str(values.get("kind"))) > MAX_NAME_LENGTH:
            raise DesignError(f"The kind of a layer has at most {MAX_NAME_LENGTH} characters.")
        return cls(source=source)

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


def _depth(value: Any) -> int:
    """How many lists and objects lie in each other."""
    if not isinstance(value, Mapping | list):
        return 0
    inside = value.values() if isinstance(value, Mapping) else value
    return 1 + max(map(_depth, inside), default=0)
