"""Numbers in sentences."""

from engine.words import percent


def test_a_share_reads_as_percent_with_the_digits_that_are_asked_for():
    assert percent(0.11) == "11.0 %"
    assert percent(0.97346, digits=2) == "97.35 %"
    assert percent(0.005, digits=0) == "0 %"
    assert percent(1.0, digits=0) == "100 %"
