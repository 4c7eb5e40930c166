"""Remedies that regularize more, or less."""

from __future__ import annotations

import math
from typing import Any

from engine.doctor.recipe.case import RecipeCase, RecipeStep, Remedy, named
from engine.stopping import EarlyStopping

RELATIVE_L2 = 0.003
"""lambda over the examples in a batch, from which to start: the lectures' exercise has 0.7 for 211
examples. With the cost's lambda/(2m), this ratio says how strongly weights decay."""
STRONGER_L2 = 3
"""Factor to the next lambda: half a power of ten."""
MOST_RELATIVE_L2 = 0.3
"""Beyond it, L2 leaves little of the weights."""
KEEP_PROBS = (0.8, 0.65, 0.5)
"""What dropout is set to, from mild to strong."""
LAYERS_TO_DROP = 2
FEWEST_UNITS_TO_DROP = 8
"""A layer of fewer units can hardly do without some of them."""
PATIENCE_SHARE = 10
"""Patience is a tenth of the epochs..."""
LEAST_PATIENCE = 5
"""...but at least so many."""


class MoreL2(Remedy):
    """Source: course 2, week 1, "Regularization"."""

    name = "l2"
    title = "L2 regularization"
    cures = ("variance", "dev_overfitting")

    def rank(self, case: RecipeCase) -> int:
        return 20

    def reason(self, case: RecipeCase) -> str:
        return (
            "A penalty on large weights keeps the network's function smooth, so it "
            "cannot bend around single examples."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        settings = case.project.training
        m = case.project.data.sizes()[0]
        batch = min(settings.batch_size or m, m)
        l2 = STRONGER_L2 * settings.l2 if settings.l2 else RELATIVE_L2 * batch
        l2 = _rounded(l2)
        layers = {n: layer for n, layer in case.anatomy.nodes.items() if hasattr(layer, "l2")}
        inheriting = [n for n in layers if dict(case.project.design.nodes[n])["l2"] is None]
        if not inheriting or l2 > MOST_RELATIVE_L2 * batch:
            return None
        where = "all layers" if len(inheriting) == len(layers) else named(inheriting)
        return RecipeStep(f"L2 λ {l2:g} for {where}", case.trained(l2=l2))


class MoreDropout(Remedy):
    """Source: Srivastava et al. 2014; course 2, week 1, "Dropout regularization"."""

    name = "dropout"
    title = "Dropout"
    cures = ("variance", "dev_overfitting")

    def rank(self, case: RecipeCase) -> int:
        return 30

    def reason(self, case: RecipeCase) -> str:
        return (
            "Units that can be dropped at any step cannot rely on one another. Large "
            "layers, which overfit most, benefit most."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        keeps = case.hidden_with("keep_prob")
        apart = {n: keep for n, keep in keeps.items() if not case.hidden[n].weights}
        keeps = apart or keeps  # who has dropout as layers of its own wants no second one
        sizes = {n: math.prod(case.report.shapes[n]) for n in keeps}
        large = [n for n in keeps if sizes[n] >= FEWEST_UNITS_TO_DROP]
        large = sorted(large, key=lambda n: -sizes[n])[:LAYERS_TO_DROP]
        weakest = max((keeps[name] for name in large), default=0.0)
        keep = next((p for p in KEEP_PROBS if p < weakest), None)
        if keep is None:
            return None
        changed = [name for name in keeps if name in large and keeps[name] > keep]
        project = case.edited({name: {"keep_prob": keep} for name in changed})
        where = named(changed)
        if len(changed) == LAYERS_TO_DROP < len(keeps):
            where = f"the two largest layers ({where})"
        return RecipeStep(f"keep_prob {keep:g} on {where}", project)


class StopEarly(Remedy):
    """Source: Prechelt 1998; course 2, week 1, "Other regularization methods"."""

    name = "early_stopping"
    title = "Early stopping"
    cures = ("variance",)

    def rank(self, case: RecipeCase) -> int:
        return 12 if case.evidence.best_epoch is not None else 40

    def reason(self, case: RecipeCase) -> str:
        best = case.evidence.best_epoch
        seen = f"The dev cost was lowest after epoch {best:,} and has risen since. " if best else ""
        return (
            f"{seen}Weights that are still small fit less closely. It couples two tasks, though: "
            "minimizing J and not overfitting."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        settings = case.project.training
        if isinstance(settings.stopping, EarlyStopping):
            return None
        patience = max(LEAST_PATIENCE, settings.epochs // PATIENCE_SHARE)
        if patience >= settings.epochs:
            return None
        text = f"early stopping on the dev cost, with a patience of {patience:,} epochs"
        return RecipeStep(text, case.trained(stopping=EarlyStopping(patience=patience)))


class LessRegularization(Remedy):
    """Source: course 2, week 1, "Why regularization reduces overfitting?" (too large a lambda)."""

    name = "less_regularization"
    title = "Less regularization"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 12

    def reason(self, case: RecipeCase) -> str:
        return (
            "Regularization reduces variance at the cost of bias. While bias is the "
            "problem, it gets in the way."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        gaps = (case.diagnosis.gap(name) for name in OVERFITTING)
        if any(gap is not None and gap.state in ("large", "minor") for gap in gaps):
            return None  # it would widen them further
        changes: dict[str, dict[str, Any]] = {}
        found: set[str] = set()
        for name, layer in case.anatomy.nodes.items():
            fields = {f: none for f, none in NO_PENALTY.items() if getattr(layer, f, none) != none}
            found |= set(fields)
            own = type(layer).model_fields
            blank = {f: None if own[f].default is None else none for f, none in fields.items()}
            changes |= {name: blank} if blank else {}
        if not found:
            return None
        project = case.edited(changes)
        settings = project.training.replace(**{field: NO_PENALTY[field] for field in found})
        text = " and ".join(WORDS[field] for field in NO_PENALTY if field in found)
        return RecipeStep(f"no {text}", project.replace(training=settings))


OVERFITTING = ("variance", "dev_overfitting")
"""The gaps that regularization narrows."""
NO_PENALTY: dict[str, Any] = {"l2": 0.0, "l1": 0.0, "keep_prob": 1.0}
"""The fields that regularize, with the value that leaves it out."""
WORDS = {"l2": "L2 penalty", "l1": "L1 penalty", "keep_prob": "dropout"}


def _rounded(value: float) -> float:
    """To one digit, as people write it: 0.192 is 0.2."""
    return float(f"{value:.0e}")
