"""Remedies that change the network's size."""

from __future__ import annotations

from engine.doctor.recipe.case import FEW, RecipeCase, RecipeStep, Remedy, named, put_behind
from engine.layers import Dense, Layer, Output
from engine.layers.references import unbound
from engine.spec import limits

FIRST_UNITS = 16
"""Of the first hidden layer of a network that had none."""
FEWEST_UNITS = 4
"""No layer is halved below this."""


class BiggerNetwork(Remedy):
    """Source: course 2, week 1, "Basic recipe for machine learning"."""

    name = "bigger_network"
    title = "Bigger network"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 20

    def reason(self, case: RecipeCase) -> str:
        return (
            "A network with more units can fit more complicated functions. As long as "
            "it is regularized, variance hardly grows."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        units = case.hidden_with("units")
        wider = {n: min(2 * count, _most_units(case.hidden[n])) for n, count in units.items()}
        return _resized(case, wider, "twice as many")


class DeeperNetwork(Remedy):
    """Source: course 2, week 1, "Basic recipe for machine learning"; course 1, week 4."""

    name = "deeper_network"
    title = "One more layer"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 40 if case.hidden_with("units") else 15

    def reason(self, case: RecipeCase) -> str:
        if not case.hidden_with("units"):
            return "Without a hidden layer, the boundary between classes can only be straight."
        return "A deeper network builds complicated features from simple ones, with few units."

    def step(self, case: RecipeCase) -> RecipeStep | None:
        tall = [name for name in case.hidden_with("units") if name in case.project.design.nodes]
        if not tall:
            return self._first_layer(case)
        last = tall[-1]
        layer = unbound(case.project.design.nodes[last])  # with parameters of its own
        name, project = put_behind(case.project, last, layer)
        return RecipeStep(
            f"one more layer '{name}' after '{last}', with the same settings", project
        )

    def _first_layer(self, case: RecipeCase) -> RecipeStep | None:
        output = case.project.design.of_type(Output)[0]
        (wire,) = case.project.design.inputs_of(output)
        name, project = put_behind(case.project, wire.source, Dense(units=FIRST_UNITS))
        return RecipeStep(
            f"a hidden layer '{name}' of {FIRST_UNITS} units before '{output}'", project
        )


class SmallerNetwork(Remedy):
    """Source: course 2, week 1, "Why regularization reduces overfitting?"."""

    name = "smaller_network"
    title = "Smaller network"
    cures = ("variance",)

    def rank(self, case: RecipeCase) -> int:
        return 60

    def reason(self, case: RecipeCase) -> str:
        return (
            "Fewer units cannot memorize single examples. Try regularization first, "
            "because a smaller network may also increase bias."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        if case.diagnosis.bias.state in ("large", "minor"):
            return None  # it would gain more bias still
        units = case.hidden_with("units")
        wanted = {n: max(count // 2, min(count, FEWEST_UNITS)) for n, count in units.items()}
        return _resized(case, wanted, "half as many")


def _resized(case: RecipeCase, wanted: dict[str, int], how: str) -> RecipeStep | None:
    """Other numbers of units in the layers where they differ."""
    before = case.hidden_with("units")
    changed = {name: units for name, units in wanted.items() if units != before[name]}
    if not changed:
        return None
    project = case.edited({name: {"units": units} for name, units in changed.items()})
    if len(changed) > FEW:
        return RecipeStep(f"{how} units in {len(changed)} hidden layers", project)
    words = [f"{units:,} units in {named([name])}" for name, units in changed.items()]
    return RecipeStep(f"{', '.join(words)}: {how}", project)


def _most_units(layer: Layer) -> int:
    return int(limits(type(layer).model_fields["units"]).get("le", 2**31))
