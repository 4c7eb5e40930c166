"""Members of a family with one setting changed at a time, and PyTorch's functions by name."""

import importlib
from typing import get_args

from engine.spec import limits


def variants(member, but=()):
    """name -> the member with its defaults, and with each other value of each single setting."""
    found = {"default": member()}
    for name, info in member.model_fields.items():
        for value in () if name in but else _others(info):
            found[f"{name} {value}"] = member(**{name: value})
    return found


def torch_function(name):
    """What stands under a full name, such as "torch.nn.functional.relu"."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _others(info):
    """Other values of a field than its default: all of a few, or one or two inside the limits."""
    if info.annotation is bool:
        return [not info.default]
    if info.annotation is float:
        rule = limits(info)
        low = rule.get("ge", rule.get("gt", 0.0))
        width = min(rule.get("le", rule.get("lt", 1.0)), 1.0) - low
        return [value for value in (low + 0.3 * width, low + 0.7 * width) if value != info.default]
    return [value for value in get_args(info.annotation) if value != info.default]
