"""Finding layers by words: every word must occur, and titles come before mentions."""

import pytest

from engine.layers import Layer
from studio.model.layer_search import described, matching


class _Other(Layer):
    """Thins out what a wobble has made."""

    title = "Other"


class _Wobble(Layer):
    """Bends."""

    title = "Wobble"


class _DeepWobble(Layer):
    title = "Deep wobble"
    formula = "a = wobble(a)"


LAYERS = [_Other, _DeepWobble, _Wobble]


def test_titles_that_begin_with_the_text_come_first_and_mentions_last():
    assert matching(LAYERS, " WOB") == [_Wobble, _DeepWobble, _Other]


def test_every_word_must_occur_somewhere():
    assert matching(LAYERS, "wobble thins") == [_Other]
    assert matching(LAYERS, "wobble none") == []


def test_no_words_find_all_in_the_order_given():
    assert matching(LAYERS, "  ") == LAYERS


def test_a_layer_without_words_is_described_by_its_formula(monkeypatch):
    monkeypatch.setattr(_DeepWobble, "__doc__", None)
    assert described(_DeepWobble) == "a = wobble(a)"
    assert described(_Other) == "Thins out what a wobble has made."


@pytest.mark.parametrize("layer", Layer.registry.values(), ids=lambda layer: layer.kind)
def test_every_layer_is_found_first_by_its_own_title(layer):
    assert matching(Layer.registry.values(), layer.title)[0] is layer
