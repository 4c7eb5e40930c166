"""Exported cells: no spreadsheet runs a name, no report takes one for markup, numbers stay."""

import pytest

from engine.files.table_text import markdown_cell, spreadsheet_cell


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        " =1+1",
        "\t=1",
        "＝1",
        "-",
        "--1",
        "-1.5.2",
        "+1\n=2",
    ],
)
def test_what_a_spreadsheet_would_run_is_quoted(name):
    assert spreadsheet_cell(name) == "'" + name


@pytest.mark.parametrize(
    "text", ["-1.5", "+2", "-.5e-7", "1e9", "h1", "", " ", "a=b", "'=1", "x-1", "3.", "-0"]
)
def test_numbers_and_usual_names_stay_as_they_are(text):
    assert spreadsheet_cell(text) == text


def test_a_report_shows_the_characters_of_a_name():
    assert markdown_cell("<img src=x> a|b\n*c*") == "\\<img src=x\\> a\\|b \\*c\\*"
    assert markdown_cell("h1") == "h1"
