"""Training steps per second against PyTorch eager and scikit-learn, and what recording costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from threadpoolctl import threadpool_limits

from tests.benchmarks.rivals import CASES, Case, examples, our_step, sklearn_step, torch_step

ROUNDS = 7
ROUND_S = 0.15


def measure(threads: int = 2) -> list[tuple[str, float, str, str]]:
    """Rows (name, value, unit, target): theirs / ours per step; above 1 we are faster."""
    import torch

    torch.set_num_threads(threads)
    rows = []
    with threadpool_limits(threads, user_api="blas"):
        for case in CASES:
            rows += _ratios(case)
    return rows


def _ratios(case: Case) -> list[tuple[str, float, str, str]]:
    data = examples(case)
    steps: list[Callable[[], object]] = [our_step(case, data), torch_step(case, data, False)]
    names, targets = ["PyTorch eager"], [case.eager]
    if case.fused:
        steps.append(torch_step(case, data, True))
        names.append("PyTorch, fused Adam")
        targets.append(case.fused)
    if case.sklearn:
        steps.append(sklearn_step(case, data))
        names.append("scikit-learn")
        targets.append(case.sklearn)
    ours, *theirs = seconds_per_call(steps)
    rows = [(f"{case.name}: our step", 1e6 * ours, "µs", "")]
    for name, seconds, target in zip(names, theirs, targets, strict=True):
        rows.append((f"{case.name}: {name} / ours", seconds / ours, "x", f">= {target:g}"))
    return rows


def seconds_per_call(steps: Sequence[Callable[[], object]]) -> list[float]:
    """The best of several rounds for each function; the rounds take turns, so drift hits all."""
    repeats = []
    for step in steps:
        step()
        started = time.perf_counter()
        step()
        repeats.append(max(1, int(ROUND_S / max(1e-7, time.perf_counter() - started))))
    best = [float("inf")] * len(steps)
    for _ in range(ROUNDS):
        for index, step in enumerate(steps):
            started = time.perf_counter()
            for _ in range(repeats[index]):
                step()
            best[index] = min(best[index], (time.perf_counter() - started) / repeats[index])
    return best
