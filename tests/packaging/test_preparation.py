"""Failures with a cause, and exit codes that go through."""

import sys

import pytest
from preparation import PreparationError, explain, run_or_explain, run_quietly


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("Failed to establish a new connection: [Errno -3]", "index cannot be reached"),
        ("Temporary failure in name resolution", "index cannot be reached"),
        ("[Errno 13] Permission denied: '/opt/x'", "folder cannot be written"),
        ("ERROR: No matching distribution found for PySide6", "not available for this Python"),
        ("something never seen", "the lines above say why"),
    ],
)
def test_the_cause_is_read_from_the_output(output, sentence):
    assert sentence in explain(output)


def test_no_network_is_the_cause_even_when_pip_then_finds_no_version():
    output = "NewConnectionError(...)\nERROR: No matching distribution found for hatchling"
    assert "cannot be reached" in explain(output)


def test_a_quiet_tool_shows_nothing_when_it_succeeds(capfd):
    run_quietly([sys.executable, "-c", "print('noise')"])
    assert capfd.readouterr() == ("", "")


def test_a_failing_tool_brings_all_its_output():
    program = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    with pytest.raises(PreparationError) as error:
        run_quietly([sys.executable, "-u", "-c", program])
    assert error.value.output.split() == ["out", "err"]


def test_a_quiet_tool_cannot_wait_for_an_answer():
    program = "import sys; sys.exit(len(sys.stdin.read()))"
    run_quietly([sys.executable, "-c", program])


def test_a_failed_preparation_is_output_then_sentence_and_exit_code_2(capsys):
    def fail():
        raise PreparationError("The disk is full.", "pip said so\n")

    assert run_or_explain(fail) == 2
    assert capsys.readouterr() == ("", "pip said so\nThe disk is full.\n")


def test_an_interruption_is_one_line_and_exit_code_130(capsys):
    def interrupt():
        raise KeyboardInterrupt

    assert run_or_explain(interrupt) == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_the_exit_code_of_the_program_goes_through():
    assert run_or_explain(lambda: 41) == 41
