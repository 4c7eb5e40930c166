"""run.py: what it prepares, and the command that it becomes."""

import environment
import libraries
import preparation
import pytest
import run


@pytest.fixture
def started(monkeypatch):
    """The steps that run.py takes, in order; the program itself ends with code 7."""
    steps = []
    monkeypatch.setattr(libraries, "ensure_libraries", lambda _environ: steps.append("libraries"))
    monkeypatch.setattr(
        environment.Environment, "prepare", lambda _self, extras=(): steps.append("environment")
    )

    def hand_over(command):
        steps.append(command)
        return 7

    monkeypatch.setattr(preparation, "hand_over", hand_over)
    return steps


def test_libraries_then_environment_then_the_studio(started):
    run.main([])
    assert started[:2] == ["libraries", "environment"]
    assert started[2][1:] == ["-P", "-m", "studio"]


def test_arguments_go_through_as_they_are_and_the_exit_code_comes_back(started):
    arguments = ["my design.netdesign", "--seed", "0", "", "ü"]
    assert run.main(arguments) == 7
    assert started[-1][4:] == arguments


def test_the_interpreter_is_the_one_of_the_environment(started, project):
    run.main([])
    assert started[-1][0].startswith(str(project / ".venv"))


@pytest.mark.parametrize("command", run.engine_commands())
def test_the_engines_commands_need_no_window_libraries(started, command):
    run.main([command, "x.netdesign"])
    assert started[0] == "environment"


def test_a_file_named_like_a_command_later_on_still_needs_the_window(started):
    run.main(["x.netdesign", "train"])
    assert started[0] == "libraries"


def test_missing_libraries_stop_before_the_environment_is_made(started, monkeypatch, capsys):
    def refuse(_environ):
        raise preparation.PreparationError("This system lacks libEGL.so.1.")

    monkeypatch.setattr(libraries, "ensure_libraries", refuse)
    assert run.main([]) == 2
    assert started == []
    assert capsys.readouterr().err == "This system lacks libEGL.so.1.\n"
