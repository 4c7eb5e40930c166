"""How a layer travels from the palette to the canvas: as JSON in a drag's MIME data."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData

from engine import EngineError, Layer
from engine.files.json_text import from_text
from engine.malformed import refused

LAYER_MIME = "application/x-backprop-studio-layer"


def to_mime(layer: Layer) -> QMimeData:
    """MIME data with one layer."""
    data = QMimeData()
    data.setData(LAYER_MIME, json.dumps(layer.to_json()).encode())
    return data


def from_mime(data: QMimeData) -> Layer | None:
    """The layer in MIME data; None if there is none that can be read."""
    if not data.hasFormat(LAYER_MIME):
        return None
    try:
        with refused("The dragged layer is damaged"):
            return Layer.parse(from_text(bytes(data.data(LAYER_MIME).data()).decode(), "layer"))
    except EngineError:
        return None
