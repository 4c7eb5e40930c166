"""Remedies that change the examples: more of them, normalized, or shared out differently."""

from __future__ import annotations

from engine.doctor.recipe.case import DOUBT, RecipeCase, RecipeStep, Remedy, put_behind
from engine.layers import Flatten, Input
from engine.layers.augment import Augment
from engine.project import Project
from engine.spec import limits
from engine.words import percent

USUAL_TRAIN = 0.6
"""The lectures' share of the training set where there are at most 10,000 or so examples."""
HELD_BACK = 0.1
"""Of the training set, for a train-dev set."""
TRAIN, DEV = 0, 1
"""Where a set stands among the sizes of a data plan."""
SET_WORDS = {TRAIN: "a training set", DEV: "a dev set"}
LARGEST_DEV = 0.4
"""No remedy makes the dev set a larger share than this."""


class NormalizeInputs(Remedy):
    """Source: course 2, week 1, "Normalizing inputs"."""

    name = "normalize"
    title = "Normalize the inputs"
    cures = ("avoidable_bias",)

    def rank(self, case: RecipeCase) -> int:
        return 4

    def reason(self, case: RecipeCase) -> str:
        return (
            "Features on different scales make the valley of J long and narrow, so "
            "gradient descent must take small steps."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        data = case.project.data
        if data.normalize or any(piece.layer.learns_from_data for piece in case.anatomy.pieces):
            return None
        return RecipeStep(
            "features with mean 0 and variance 1, based on the training set",
            case.project.replace(data=data.replace(normalize=True)),
        )


class MoreData(Remedy):
    """Source: course 2, week 1, "Basic recipe for machine learning"."""

    name = "more_data"
    title = "More data"
    cures = ("variance",)

    def rank(self, case: RecipeCase) -> int:
        return 10

    def reason(self, case: RecipeCase) -> str:
        seen = "The learning curve is still falling. " if case.evidence.more_data_helps else ""
        return (
            f"{seen}The more examples there are, the harder it is to memorize them, so the network "
            "must learn what they have in common."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        if case.evidence.more_data_helps is False:
            return None  # the learning curve is flat
        return _more_training(case.project)


class SurerTrainingError(Remedy):
    """Source: course 3, week 1, "Size of the dev and test sets", for the training error alike."""

    name = "surer_training_error"
    title = "More training examples"
    cures = (DOUBT,)

    def rank(self, case: RecipeCase) -> int:
        return 7

    def reason(self, case: RecipeCase) -> str:
        return (
            "The training error, too, is measured on only a few examples: four times "
            "as many halve its interval."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        scarce = any(gap.scarce == "train" for gap in case.diagnosis.gaps if not gap.sure)
        return _more_training(case.project) if scarce else None


class LargerDevSet(Remedy):
    """Source: course 3, week 1, "Size of the dev and test sets"."""

    name = "larger_dev_set"
    title = "Larger dev set"
    cures = (DOUBT, "dev_overfitting")

    def rank(self, case: RecipeCase) -> int:
        return 5

    def reason(self, case: RecipeCase) -> str:
        return (
            "The dev set must be large enough to tell two networks apart: four times as many "
            "examples halve the interval."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        data = case.project.data
        doubtful = [gap for gap in case.diagnosis.gaps if not gap.sure]
        overfitted = any(gap.name == "dev_overfitting" for gap in case.diagnosis.focus)
        if doubtful and not overfitted and all(gap.scarce != "dev" for gap in doubtful):
            return None
        drawn = _more_points(case.project, DEV)
        if drawn is not None:
            return drawn
        dev = round(min(2 * data.dev, LARGEST_DEV), 12)
        if dev <= data.dev:
            return RecipeStep("collect more examples for the dev set", None)
        text = f"{percent(dev, None)} of the examples for the dev set"
        return RecipeStep(text, case.project.replace(data=data.with_fraction("dev", dev)))


class TrainDevSet(Remedy):
    """Source: course 3, week 2, "Bias and variance with mismatched data distributions"."""

    name = "train_dev_set"
    title = "Train-dev set"
    cures = ("variance",)

    def rank(self, case: RecipeCase) -> int:
        return 3

    def reason(self, case: RecipeCase) -> str:
        return (
            "Some training data come from a second source, so this gap may be "
            "variance, or a mismatch between training and dev data. Holding out part "
            "of the training set shows which."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        data = case.project.data
        if data.extra is None or data.train_dev is not None:
            return None
        held = data.replace(train_dev=HELD_BACK)
        text = f"{percent(HELD_BACK, None)} of the training set held back as a train-dev set"
        return RecipeStep(text, case.project.replace(data=held))


class AugmentPictures(Remedy):
    """Source: course 2, week 1, "Other regularization methods" (data augmentation)."""

    name = "augmentation"
    title = "Augmentation"
    cures = ("variance",)

    def rank(self, case: RecipeCase) -> int:
        return 25

    def reason(self, case: RecipeCase) -> str:
        return (
            "A slightly shifted or rotated picture shows the same thing. Such "
            "pictures cost nothing and are nearly as good as new ones."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        picture = case.evidence.picture
        if picture is None or any(piece.layer.changes_pictures for piece in case.anatomy.pieces):
            return None
        start, *others = case.project.design.of_type(Input)
        if others:
            return None
        shape = case.report.shapes[start]
        name, project = put_behind(case.project, start, Augment())
        if shape != picture:
            project = project.replace(design=project.design.edit(start, shape=picture))
            _, project = put_behind(project, name, Flatten())
        text = f"training pictures shifted, rotated, and zoomed at random, by '{name}'"
        return RecipeStep(text, project)


class LikerTrainingData(Remedy):
    """Source: course 3, week 2, "Addressing data mismatch"."""

    name = "liker_training_data"
    title = "Training data more like the dev set"
    cures = ("data_mismatch",)

    def rank(self, case: RecipeCase) -> int:
        return 10

    def reason(self, case: RecipeCase) -> str:
        return (
            "The network does well on new examples like those in the training set, "
            "but badly on the dev set: it has hardly seen examples like those."
        )

    def step(self, case: RecipeCase) -> RecipeStep | None:
        text = (
            "tag misclassified dev examples to see how they differ, then collect or "
            "create training examples like them"
        )
        return RecipeStep(text, None)


def _more_training(project: Project) -> RecipeStep:
    """More points, a larger share of the examples, or what only people can do."""
    drawn = _more_points(project, TRAIN)
    if drawn is not None:
        return drawn
    if project.data.train < USUAL_TRAIN:
        more = project.data.with_fraction("train", USUAL_TRAIN)
        text = f"{percent(USUAL_TRAIN, None)} of the examples for training"
        return RecipeStep(text, project.replace(data=more))
    text = "collect more training examples, or add a second source for training only"
    return RecipeStep(text, None)


def _more_points(project: Project, part: int) -> RecipeStep | None:
    """Twice as many points, where the source draws them; None elsewhere, and at their limit.

    part: the set whose sizes the words compare, TRAIN or DEV.
    """
    source = project.data.source
    points = dict(source).get("points")
    if not isinstance(points, int):
        return None
    more = min(2 * points, int(limits(type(source).model_fields["points"])["le"]))
    if more <= points:
        return None
    data = project.data.replace(source=source.replace(points=more))
    sizes = data.sizes()[part], project.data.sizes()[part]
    text = f"{SET_WORDS[part]} of {sizes[0]:,} examples instead of {sizes[1]:,}"
    return RecipeStep(f"{text} ({more:,} points in all)", project.replace(data=data))
