"""Data: sets of examples, where they come from, how they are split, guarded and normalized.

data = engine.data.load("mnist-10k", seed=0).split(0.6, 0.2, 0.2).normalize()
data.train.X                                     # (784, 6000), one example a column

found = engine.data.tables.preview("houses.csv")  # everything is guessed, and can be corrected
source = engine.data.tables.open_table(found.path, found.options, found.columns).source
plan = DataPlan(source=source).with_preset(propose(source.examples()).preset)
check_splits(plan.build(), plan)                 # what is unsound about it, each with a fix
"""

from __future__ import annotations

from typing import Any

from engine.data.blocks import DataBlock, TargetBlock
from engine.data.dataset import Dataset, from_labels, one_hot
from engine.data.fit import Fit
from engine.data.plan import DataPlan
from engine.data.progress import ReadingCancelledError, Watch
from engine.data.sources import DataSource
from engine.data.sources.bundled import MnistDigits
from engine.data.sources.curve import Curve
from engine.data.sources.discs import Discs
from engine.data.sources.generators import Blobs, Circles, Moons, Xor
from engine.data.sources.own import DataFileError, OwnSource
from engine.data.sources.painted import PaintedSource
from engine.data.sources.pictures import PicturesSource, open_pictures
from engine.data.sources.small_sets import BreastCancer, Iris, TinyDigits, Wine
from engine.data.sources.winding import Flower, Spirals
from engine.data.splitting.guards import Concern, SplitFix, check_splits
from engine.data.splitting.presets import PRESETS, Preset, Proposal, propose
from engine.data.splitting.splits import Normalization, Splits
from engine.data.tables import TableSource

__all__ = [
    "PRESETS",
    "Blobs",
    "BreastCancer",
    "Circles",
    "Concern",
    "Curve",
    "DataBlock",
    "DataFileError",
    "DataPlan",
    "DataSource",
    "Dataset",
    "Discs",
    "Fit",
    "Flower",
    "Iris",
    "MnistDigits",
    "Moons",
    "Normalization",
    "OwnSource",
    "PaintedSource",
    "PicturesSource",
    "Preset",
    "Proposal",
    "ReadingCancelledError",
    "Spirals",
    "SplitFix",
    "Splits",
    "TableSource",
    "TargetBlock",
    "TinyDigits",
    "Watch",
    "Wine",
    "Xor",
    "check_splits",
    "from_labels",
    "load",
    "one_hot",
    "open_pictures",
    "propose",
]


def load(name: str, seed: int = 0, **options: Any) -> Dataset:
    """The data of a source by its kind, such as load("moons", seed=1, noise=0.3).

    Raises SpecError if there is no such source or setting, and names the nearest one.
    """
    return DataSource.parse({**options, "kind": name}).load(seed)
