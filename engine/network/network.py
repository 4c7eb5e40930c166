"""Network: a design made ready to compute, and what a caller may ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.data import Dataset, Splits
from engine.design import Design
from engine.errors import DesignError
from engine.network.arrays import Array
from engine.network.heads import Figures
from engine.network.inputs import checked_inputs, checked_targets
from engine.network.passes import Passes
from engine.network.plan import Plan
from engine.settings import TrainingSettings


class Network(Passes):
    """A design made ready to compute.

    theta, gradient: flat vectors (P,). parameters, gradients: "<node>.<parameter>" -> view into
    them. state: "<node>.<name>" -> running statistics. slices: where each parameter lies.
    data: fills in what the design leaves to the data (shape, units).
    Raises DesignError if the design cannot run.
    """

    def __init__(
        self,
        design: Design,
        settings: TrainingSettings | None = None,
        *,
        seed: int | None = None,
        dtype: str = "float32",
        data: Dataset | Splits | None = None,
    ) -> None:
        if not isinstance(design, Design):
            raise DesignError(
                f"A Network takes a Design first; got {type(design).__name__}.",
                hint="Put layers in a row with engine.Design.sequential([...]).",
            )
        if dtype not in ("float32", "float64"):
            raise DesignError(f"dtype must be 'float32' or 'float64'; got {dtype!r}.")
        if seed is not None and (not isinstance(seed, int | np.integer) or seed < 0):
            raise DesignError(f"The seed must be a whole number of at least 0; got {seed!r}.")
        fit = data.fit if data is not None else None
        settings = settings or TrainingSettings()
        super().__init__(
            Plan.of(design, settings, fit), settings.seed if seed is None else seed, dtype
        )
        if data is not None:
            self.measure(data.train if isinstance(data, Splits) else data)

    def __repr__(self) -> str:
        shape = " × ".join(map(str, self.input_shape))
        return (
            f"Network({shape} -> {self.n_y}, {self.task.short_title}, {self.theta.size:,} "
            f"parameters, {self.dtype}, seed {self.seed})"
        )

    def summary(self) -> str:
        """A table of the layers: kind, output without m, settings and parameters."""
        rows = [("layer", "kind", "output", "parameters", "settings")]
        for name, layer in self.specs.items():
            size = sum(b.stop - b.start for b in self.slices if b.node == name)
            shape = " × ".join(map(str, self.shapes[name]))
            rows.append(
                (name, layer.kind, shape, f"{size:,}", ", ".join(self.design.nodes[name].face()))
            )
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, f"{self.theta.size:,} parameters, {self.dtype}"])

    def predict(self, X: Any) -> Array | dict[str, Array]:
        """Predictions in evaluation mode: (n_x, m) -> (n_y, m), probabilities for classifiers,
        the units of the data for regression. With several heads, those of each by its node."""
        zs = self.all_logits(checked_inputs(self, X))
        found = {
            head.node: self.predictions(z, head) for head, z in zip(self.heads, zs, strict=True)
        }
        return found if len(found) > 1 else found[self.head.node]

    def predict_first(self, X: Any) -> Array:
        """The same of the first head alone, which pictures show and the doctor judges."""
        return self.predictions(self.logits(checked_inputs(self, X)))

    def cost(self, X: Any, Y: Any, weights: Any = None) -> float:
        """J in evaluation mode (no dropout, running statistics), with its penalties."""
        X = checked_inputs(self, X)
        m = X.shape[-1]
        return self.evaluate(X, checked_targets(self, Y, m, weights)).cost + self.penalty(m)

    def penalty(self, m: int) -> float:
        """What L2 and L1 add to J over m examples."""
        return sum(penalty.value(m) for penalty in self.penalties)

    def cost_and_gradient(
        self,
        X: Any,
        Y: Any,
        training: bool = True,
        dropout: bool = True,
        weights: Any = None,
    ) -> float:
        """J of one batch, and its gradient in `self.gradient`.

        X: (n_x, m) or (*shape, m), or an array for each input by its name; Y: (n_y, m), or labels
        (m,) of a multi-class task; with several heads, the Y of the data or an array for each.
        NaN in Y is an unknown target, which has no loss. training: batch statistics and dropout, as
        in a training step; dropout=False leaves out the dropout alone. weights: (m,) how much each
        example counts: J is sum w L / sum w. Raises DataError for arrays that do not fit.
        """
        X = checked_inputs(self, X)
        Y = checked_targets(self, Y, X.shape[-1], weights)
        return self.learn_from(X, Y, training=training, dropout=dropout).cost

    def evaluate(self, X: Array, Y: Array) -> Figures:
        """Mean loss and score (accuracy, or R^2) in evaluation mode. Y: as the losses see it.

        With several heads, the weighted sum of their mean losses, and the score of the first.
        """
        return self.combined(self.evaluate_heads(X, Y))

    def combined(self, found: Mapping[str, Figures]) -> Figures:
        """The figures of the network as a whole, from those of its heads."""
        cost = sum(head.weight * found[head.node].cost for head in self.heads)
        return Figures(cost, found[self.head.node].score)

    def evaluate_heads(self, X: Array, Y: Array) -> dict[str, Figures]:
        """Mean loss and score of each head, by its node."""
        found = {}
        for (head, y, weights), z in zip(self.by_head(Y), self.all_logits(X), strict=True):
            scale, p = self.scale_of(head), self.predictions(z, head)
            known = y if scale is None else scale.undo(y)
            with np.errstate(over="ignore", invalid="ignore"):
                found[head.node] = head.figures(z, y, p, known, weights)
        return found
