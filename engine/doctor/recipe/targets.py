"""The remedy for regression targets whose size the network can hardly reach."""

from __future__ import annotations

from engine.doctor.recipe.case import RecipeCase, RecipeStep, Remedy, named
from engine.layers import Output


class ScaleTargets(Remedy):
    """Source: course 2, week 1, "Normalizing inputs", applied to the targets."""

    name = "scale_targets"
    title = "Scale the targets"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 4

    def reason(self, case: RecipeCase) -> str:
        size = case.evidence.targets
        found = ""
        if size:
            found = f"Their mean is {size.mean:,.0f}, their standard deviation {size.spread:,.3g}. "
        return (
            f"{found}A network starts with outputs of about 1, so targets of a very different size "
            "are out of reach for any usual learning rate."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        nodes = case.project.design.nodes.items()
        plain = {
            name: node.task
            for name, node in nodes
            if isinstance(node, Output) and node.task.takes_scaling and not node.task.scales_targets
        }
        size = case.evidence.targets
        if not plain or size is None or not size.is_far:
            return None
        changes = {name: {"task": task.replace(scale_targets=True)} for name, task in plain.items()}
        return RecipeStep(
            f"train {named(plain)} on targets with mean 0 and standard deviation 1",
            case.edited(changes),
        )
