"""What is said of a picture: below it, in its tooltip, beside it when it is large."""

from __future__ import annotations

from engine.probes.examples import JudgedPictures
from engine.probes.weight_pictures import FirstWeights
from engine.words import percent
from studio.dashboard.images.detail import Judgment
from studio.look.translate import translator
from studio.widgets.tiles import Tile

LONGEST_UNIT = "000: ‖w‖ 0.00"


def tile_of(examples: JudgedPictures, index: int) -> Tile:
    """ "✓ 4, 99 %" or "✗ 4 → 9, 97 %"."""
    judgment = judgment_of(examples, index)
    names, true, predicted = judgment.classes, judgment.true, judgment.predicted
    share = percent(judgment.probabilities[predicted], digits=0)
    spoken = sentence_of(examples, index)
    if true == predicted:
        return Tile(f"✓ {names[true]}, {share}", spoken)
    return Tile(f"✗ {names[true]} → {names[predicted]}, {share}", spoken, marked=True)


def longest_caption(examples: JudgedPictures) -> str:
    """The longest that `tile_of` may say below a picture of this set."""
    name = max(examples.classes, key=len, default="")
    return f"✗ {name} → {name}, 100 %"


def sentence_of(examples: JudgedPictures, index: int) -> str:
    """An example in a whole sentence; examples are counted from 1."""
    judgment = judgment_of(examples, index)
    return _tr("Example {:,}: true {}, predicted {} ({}).").format(
        int(examples.numbers[index]) + 1,
        judgment.classes[judgment.true],
        judgment.classes[judgment.predicted],
        percent(judgment.probabilities[judgment.predicted]),
    )


def judgment_of(examples: JudgedPictures, index: int) -> Judgment:
    """What the network says of one of the examples."""
    probabilities = tuple(examples.probabilities[:, index].tolist())
    predicted = max(range(len(probabilities)), key=probabilities.__getitem__)
    return Judgment(examples.classes, probabilities, int(examples.labels[index]), predicted)


def tile_of_unit(weights: FirstWeights, index: int) -> Tile:
    """ "4: ‖w‖ 1.24"; units are counted from 1."""
    norm = float(weights.norms[index])
    short = f"{norm:.2f}" if norm < 100 else f"{norm:.1e}"
    spoken = _tr("Unit {} of “{}”: ‖w‖ = {:.4g}.").format(index + 1, weights.node, norm)
    return Tile(f"{index + 1}: ‖w‖ {short}", spoken)


_tr = translator("Captions")
