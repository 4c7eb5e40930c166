"""Bytes as a line of text inside a project's file: base64 of zlib, up to 5 MB."""

from __future__ import annotations

import base64
import binascii
import zlib

from engine.errors import DataError

MAX_TEXT = 5_000_000  # characters: 5 MB in the project's file
MAX_RAW = 40_000_000  # bytes; more than this hardly becomes small enough, and is not tried


def embed(raw: bytes) -> str:
    """The text; empty if it would be longer than MAX_TEXT."""
    if len(raw) > MAX_RAW:
        return ""
    text = base64.b64encode(zlib.compress(raw, 6)).decode("ascii")
    return text if len(text) <= MAX_TEXT else ""


def extract(text: str, size: int, what: str) -> bytes:
    """The bytes, of which there must be `size`; it never makes more than one more.

    what: the noun for messages, such as "table". Raises DataError.
    """
    try:
        packed = base64.b64decode(text, validate=True)
        raw = zlib.decompressobj().decompress(packed, size + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise damaged(what, str(error)) from None
    if len(raw) != size:
        raise damaged(what, "its rows and columns do not fit its size")
    return raw


def damaged(what: str, reason: str) -> DataError:
    """The error that says why embedded data cannot be used."""
    return DataError(
        f"The {what} inside the project is damaged: {reason.rstrip('.')}.",
        hint=f"Use a backup of the project, or open the {what} again.",
    )
