"""memory_of_run(design, settings): about how much memory a run takes, before it is allocated."""

from __future__ import annotations

from engine.data.fit import Fit
from engine.design import Design
from engine.design.check import Report
from engine.design.describe import BYTES, analyze
from engine.network.plan import MOST_VALUES
from engine.settings import TrainingSettings

VECTORS = 4
"""Of theta's length in every run: theta, its gradient, theta before the step, a copy to show."""
FULL_BATCH = 4_096
"""Examples that it counts as: how many there are is known once the data are loaded."""
PASSES = 1.25
"""What the forward pass keeps, and the derivatives that are alive at once in the backward pass."""


def memory_of_run(
    design: Design,
    settings: TrainingSettings,
    fit: Fit | None = None,
    report: Report | None = None,
) -> int:
    """Bytes at the peak of float32 training, without the data; right to about a third.

    Raises DesignError if the design cannot run.
    """
    rows = analyze(design, settings, fit, report).rows
    vectors = VECTORS + len(_slots(design, settings)) + int(settings.stopping.watches)
    kept = sum(row.activation_bytes for row in rows)
    batch = settings.batch_size or FULL_BATCH
    passes = max(round(PASSES * batch) * kept, BYTES * MOST_VALUES)
    return BYTES * vectors * sum(row.parameters for row in rows) + passes


def _slots(design: Design, settings: TrainingSettings) -> set[str]:
    """The state vectors of all optimizers in use, each as long as theta."""
    own = (getattr(layer, "optimizer", None) for layer in design.nodes.values())
    return {name for rule in (settings.optimizer, *own) if rule is not None for name in rule.slots}
