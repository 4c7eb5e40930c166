"""The doctor: what is wrong with a network, how sure that is, and what to try next.

found = engine.doctor.examine(project, trainer)
found.diagnosis.verdict                         # "variance"
project = found.prescriptions[0].apply(project)  # one edit
"""

from engine.data.chance import Interval
from engine.doctor.diagnosis import Diagnosis, Gap, diagnose
from engine.doctor.error_table import error_table, wrong_examples
from engine.doctor.errors import ErrorRate, Errors, measure
from engine.doctor.evidence import Evidence
from engine.doctor.examination import Examination, examine, headline
from engine.doctor.network_measures import MEASURES, measures_for, measures_of
from engine.doctor.ranking import Goal, Limit, rank, usual_goal
from engine.doctor.recipe import Prescription, Remedy, recipe
from engine.doctor.run_measures import measures_of_run, rank_runs, with_measures
from engine.doctor.words import gap_text, points, rate_text, sentences, verdict_text

__all__ = [
    "MEASURES",
    "Diagnosis",
    "ErrorRate",
    "Errors",
    "Evidence",
    "Examination",
    "Gap",
    "Goal",
    "Interval",
    "Limit",
    "Prescription",
    "Remedy",
    "diagnose",
    "error_table",
    "examine",
    "gap_text",
    "headline",
    "measure",
    "measures_for",
    "measures_of",
    "measures_of_run",
    "points",
    "rank",
    "rank_runs",
    "rate_text",
    "recipe",
    "sentences",
    "usual_goal",
    "verdict_text",
    "with_measures",
    "wrong_examples",
]
