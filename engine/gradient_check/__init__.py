"""Gradient checking: back-propagation against central differences, fast, with the blame located.

report = engine.check_gradients(network, X, Y)        # report.verdict, report.sentence
report = engine.check_gradients(J, theta, dtheta)     # a cost function and a gradient of your own
"""

from engine.gradient_check.check import check_gradients
from engine.gradient_check.epsilon import (
    EPSILONS,
    EpsilonCurve,
    error_against_epsilon,
    one_sided,
    two_sided,
)
from engine.gradient_check.faults import Fault
from engine.gradient_check.report import BlockReport, Component, GradientReport
from engine.gradient_check.verdicts import (
    BUG_ABOVE,
    GREAT_BELOW,
    LOOK_CLOSER_BELOW,
    CheckCancelledError,
    Verdict,
    relative_error,
)

__all__ = [
    "BUG_ABOVE",
    "EPSILONS",
    "GREAT_BELOW",
    "LOOK_CLOSER_BELOW",
    "BlockReport",
    "CheckCancelledError",
    "Component",
    "EpsilonCurve",
    "Fault",
    "GradientReport",
    "Verdict",
    "check_gradients",
    "error_against_epsilon",
    "one_sided",
    "relative_error",
    "two_sided",
]
