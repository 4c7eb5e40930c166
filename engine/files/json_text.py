"""JSON as our files hold it: text that can always be written, whatever its strings hold."""

from __future__ import annotations

import json
import re
from typing import Any

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def to_text(value: Any, indent: int | None = None) -> str:
    """A value as readable JSON, on one line or indented; equal values give equal texts.

    Half of a surrogate pair, which UTF-8 cannot encode, is written as an escape: it may come from
    the clipboard, or from the name of a file that is not UTF-8. Raises ValueError for NaN.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=indent)
    return _LONE_SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
