"""Theme: every text can be read, the choice is remembered, and the system is followed."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from studio.look import theme as looks
from studio.look.theme import DARK, HIGH_CONTRAST, HIGH_CONTRAST_DARK, LIGHT, Theme, theme

GROUNDS = ("window", "surface", "raised")
INKS = ("text", "muted", "accent", "problem", "warning", "good", "disabled")
OTHERS = [("surface", "text"), ("text", "grid")]  # selected tabs, progress bars
PAIRS = [*itertools.product(INKS, GROUNDS), ("on_accent", "accent"), *OTHERS]
"""(ink, ground) for all text that the window writes."""
STRONG = (HIGH_CONTRAST, HIGH_CONTRAST_DARK)
ALL = pytest.mark.parametrize("colors", [LIGHT, DARK, *STRONG], ids=list(looks.LOOKS))


def luminance(color: str) -> float:
    """Relative luminance of an sRGB color. Source: WCAG 2.2."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(color).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """Contrast ratio, from 1 (equal) to 21 (black on white). Source: WCAG 2.2."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture
def dressed(qtbot):
    """A theme of its own with settings of its own; the usual look comes back in the end."""
    app = QApplication.instance()
    names = app.organizationName(), app.applicationName()
    app.setOrganizationName("Theme Tests")
    app.setApplicationName("Theme Tests")
    QSettings().clear()
    yield Theme()
    QSettings().clear()
    app.setOrganizationName(names[0])
    app.setApplicationName(names[1])
    theme.apply(dark=False)


def test_the_formula_gives_the_known_ratios():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@ALL
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_text_has_enough_contrast(colors, ink, ground):
    ratio = contrast(getattr(colors, ink), getattr(colors, ground))
    strict = colors in STRONG and ink != "disabled"
    assert ratio >= (7.0 if strict else 4.5), f"{ink} on {ground}: {ratio:.2f}"


@ALL
def test_the_focus_can_be_seen(colors):
    for ground in GROUNDS:
        assert contrast(colors.accent, getattr(colors, ground)) >= 3.0


def test_in_high_contrast_borders_and_series_are_as_strong_as_text():
    for look in STRONG:
        for color in (look.border, *look.series):
            assert contrast(color, look.surface) >= 7.0
        assert len(set(look.series)) == len(LIGHT.series)


@ALL
def test_every_color_is_a_color(colors):
    for name in (*GROUNDS, *INKS, "border", "grid", "on_accent"):
        assert QColor(getattr(colors, name)).isValid()


def test_each_choice_is_worn_and_remembered(dressed):
    assert dressed.names() == ["system", *looks.LOOKS]
    for name in dressed.names():
        dressed.choose(name)
        assert dressed.choice == name
        assert dressed.colors is looks.LOOKS.get(name, dressed.colors)
        window = QApplication.palette().color(QPalette.ColorRole.Window)
        assert window == QColor(dressed.colors.window)
        later = Theme()
        later.follow_system()
        assert later.choice == name and later.colors is dressed.colors
        assert dressed.title(name)


def test_an_unknown_choice_is_refused_and_a_damaged_one_is_the_system(dressed):
    with pytest.raises(ValueError, match="There is no look 'pink'"):
        dressed.choose("pink")
    QSettings().setValue("look", "pink")
    dressed.follow_system()
    assert dressed.choice == "system"


def test_views_are_told_of_each_change(dressed, qtbot):
    with qtbot.waitSignal(dressed.changed):
        dressed.choose("high_contrast")
    with qtbot.waitSignal(dressed.changed):
        dressed.reduce_motion(True)


def test_the_systems_wish_for_contrast_is_followed_unless_the_user_chose(dressed, monkeypatch):
    monkeypatch.setattr(looks, "look_of_system", lambda: HIGH_CONTRAST)
    dressed.follow_system()
    assert dressed.colors is HIGH_CONTRAST
    dressed.choose("dark")
    assert dressed.colors is DARK
    dressed.choose("system")
    assert dressed.colors is HIGH_CONTRAST


class Hints:
    """Stands for what Qt knows of the system's wishes."""

    def __init__(self, scheme, contrast):
        self.scheme, self.contrast = scheme, contrast

    def colorScheme(self):
        return self.scheme

    def accessibility(self):
        return self

    def contrastPreference(self):
        return self.contrast


@pytest.mark.skipif(not hasattr(Qt, "ContrastPreference"), reason="Qt 6.10 and later")
@pytest.mark.parametrize(
    ("scheme", "contrast", "look"),
    [
        ("Light", "NoPreference", LIGHT),
        ("Dark", "NoPreference", DARK),
        ("Unknown", "NoPreference", LIGHT),
        ("Light", "HighContrast", HIGH_CONTRAST),
        ("Dark", "HighContrast", HIGH_CONTRAST_DARK),
    ],
)
def test_the_system_is_asked_for_its_look(monkeypatch, scheme, contrast, look):
    hints = Hints(Qt.ColorScheme[scheme], Qt.ContrastPreference[contrast])
    monkeypatch.setattr(looks.QGuiApplication, "styleHints", lambda: hints)
    assert looks.look_of_system() is look


def test_a_qt_that_cannot_tell_the_contrast_is_asked_for_light_or_dark(monkeypatch):
    hints = SimpleNamespace(colorScheme=lambda: Qt.ColorScheme.Dark)
    monkeypatch.setattr(looks.QGuiApplication, "styleHints", lambda: hints)
    assert looks.look_of_system() is DARK


def test_reduced_motion_is_remembered(dressed):
    dressed.follow_system()
    assert not dressed.reduced_motion
    dressed.reduce_motion(True)
    later = Theme()
    later.follow_system()
    assert later.reduced_motion
