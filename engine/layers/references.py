"""References: fields of a layer that name another node of its design.

Such a field has the type `NodeName`, or `NodeName | None`. Whoever renames, deletes or copies nodes
asks here, so that a new field of this kind needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, TypeVar, get_args

from engine.spec import Spec

NodeName = Annotated[str, "the name of a node"]
"""The type of a field that names another node."""

AnySpec = TypeVar("AnySpec", bound=Spec)


@lru_cache
def reference_fields(spec: type[Spec]) -> tuple[str, ...]:
    """The fields of a spec that name a node."""
    fields = spec.model_fields.items()
    return tuple(name for name, info in fields if names_node(info.annotation))


def names_node(annotation: object) -> bool:
    """Whether a field's type is `NodeName | None`."""
    return NodeName in get_args(annotation)


def references(layer: Spec) -> dict[str, str]:
    """The nodes that a layer names, by field."""
    found = {name: getattr(layer, name) for name in reference_fields(type(layer))}
    return {name: node for name, node in found.items() if node is not None}


def unbound(layer: AnySpec) -> AnySpec:
    """The layer as it stands alone: it names no node."""
    return redirected(layer, dict.fromkeys(references(layer).values()))


def redirected(layer: AnySpec, names: Mapping[str, str | None]) -> AnySpec:
    """The layer with other names for nodes, old -> new; None where there is nothing to name."""
    named = references(layer).items()
    changes = {field: names[node] for field, node in named if names.get(node, node) != node}
    return layer.replace(**changes) if changes else layer
