"""How a layer travels from the palette to the canvas: as JSON in a drag's MIME data."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData

from engine import EngineError, Layer

LAYER_MIME = "application/x-backprop-studio-layer"


def to_mime(layer: Layer) -> QMimeData:
    """MIME data that hold one layer."""
    data = QMimeData()
    data.setData(LAYER_MIME, json.dumps(layer.to_json()).encode())
    return data


def from_mime(data: QMimeData) -> Layer | None:
    """The layer in these MIME data; None if they hold none that can be read."""
    if not data.hasFormat(LAYER_MIME):
        return None
    try:
        values = json.loads(bytes(data.data(LAYER_MIME).data()))
        return Layer.parse(values)
    except (ValueError, EngineError):
        return None
