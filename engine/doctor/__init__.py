"""The doctor: what is wrong with a network, how sure that is, and what to try next.

found = engine.doctor.examine(project, trainer)
found.diagnosis.verdict                         # "variance"
project = found.prescriptions[0].apply(project)  # one edit
"""

from engine.doctor.diagnosis import Diagnosis, Gap, diagnose
from engine.doctor.errors import ErrorRate, Errors, measure
from engine.doctor.evidence import Evidence
from engine.doctor.examination import Examination, examine
from engine.doctor.intervals import Interval
from engine.doctor.recipe import Prescription, Remedy, recipe
from engine.doctor.words import sentences, verdict_text

__all__ = [
    "Diagnosis",
    "ErrorRate",
    "Errors",
    "Evidence",
    "Examination",
    "Gap",
    "Interval",
    "Prescription",
    "Remedy",
    "diagnose",
    "examine",
    "measure",
    "recipe",
    "sentences",
    "verdict_text",
]
