"""The doctor: what is wrong with a network, how sure that is, and what to try next.

errors = engine.doctor.measure(network, data, human=project.human_error)
diagnosis = engine.doctor.diagnose(errors)          # .verdict, .gaps, .focus
"""

from engine.doctor.diagnosis import Diagnosis, Gap, diagnose
from engine.doctor.errors import ErrorRate, Errors, measure
from engine.doctor.intervals import Interval
from engine.doctor.words import sentences, verdict_text

__all__ = [
    "Diagnosis",
    "ErrorRate",
    "Errors",
    "Gap",
    "Interval",
    "diagnose",
    "measure",
    "sentences",
    "verdict_text",
]
