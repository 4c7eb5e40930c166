"""Which system libraries are asked for, and what is said or done when they are missing."""

import io

import libraries
import pytest
from libraries import BASE, WAYLAND, X11, advice, missing_libraries, package_names, screens
from preparation import PreparationError


def nothing_present(_file):
    return False


def everything_but(*files):
    return lambda file: file not in files


def test_a_present_library_is_found_and_an_absent_one_is_not():
    assert libraries.is_present("libc.so.6")
    assert not libraries.is_present("libbackprop-studio-has-no-such.so.1")


def test_without_a_screen_no_screen_library_is_demanded():
    assert missing_libraries({}, nothing_present) == list(BASE)


def test_an_x11_session_needs_the_xcb_libraries_too():
    assert missing_libraries({"DISPLAY": ":0"}, nothing_present) == [*BASE, *X11]


def test_a_wayland_session_needs_the_wayland_libraries_too():
    assert missing_libraries({"WAYLAND_DISPLAY": "w"}, nothing_present) == [*BASE, *WAYLAND]


@pytest.mark.parametrize("absent", ["libxcb-cursor.so.0", "libwayland-egl.so.1"])
def test_with_both_screens_one_complete_kind_suffices(absent):
    environ = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}
    assert missing_libraries(environ, everything_but(absent)) == []


def test_the_chosen_platform_decides_whatever_the_session_is():
    assert screens({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}) == []
    assert screens({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "w"}) == [X11]
    assert screens({"QT_QPA_PLATFORM": "wayland;xcb"}) == [WAYLAND]


def test_a_package_that_holds_two_libraries_is_named_once():
    assert package_names(X11, "dnf").count("libxcb") == 1
    assert package_names(BASE, "apt").count("libglib2.0-0") == 1


def test_the_command_is_given_for_each_package_manager_that_is_here():
    missing = [library for library in X11 if library.file == "libxcb-cursor.so.0"]
    commands = advice(missing, which={"dnf": "/usr/bin/dnf", "pacman": "/usr/bin/pacman"}.get)
    assert commands == [
        "sudo dnf install -y xcb-util-cursor",
        "sudo pacman -S --needed xcb-util-cursor",
    ]
    assert advice(missing, which={}.get) == [
        "sudo apt-get install -y --no-install-recommends libxcb-cursor0"
    ]


@pytest.fixture
def debian(monkeypatch, tmp_path):
    """A Debian-like system seen as root, whose apt-get only records what it is asked."""
    asked = []
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.setattr(libraries.shutil, "which", {"apt-get": "/usr/bin/apt-get"}.get)
    monkeypatch.setattr(libraries.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(libraries, "APT_LISTS", tmp_path)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(libraries, "run_quietly", lambda command, **_: asked.append(command))
    return asked


def test_root_gets_the_package_lists_first_when_there_are_none(debian):
    libraries.provide([X11[2]])
    assert debian[0] == ["apt-get", "update"]
    assert debian[1][:2] == ["apt-get", "install"]
    assert debian[1][-1] == "libxcb-cursor0"


@pytest.mark.parametrize(("answer", "installs"), [("y", True), ("Yes ", True), ("", False)])
def test_root_is_asked_before_the_system_is_changed(debian, monkeypatch, capsys, answer, installs):
    questions = []
    monkeypatch.delenv("CI")
    monkeypatch.setattr(libraries.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or answer)
    if installs:
        libraries.provide([X11[2]])
    else:
        with pytest.raises(PreparationError, match=r"sudo apt-get install .* libxcb-cursor0"):
            libraries.provide([X11[2]])
    assert questions == ["Install them with apt-get as root? [y/N] "]
    assert "libxcb-cursor0" in capsys.readouterr().err
    assert bool(debian) is installs


def test_root_is_told_the_command_where_nobody_can_be_asked(debian, monkeypatch):
    monkeypatch.delenv("CI")
    monkeypatch.setattr("builtins.input", lambda _question: pytest.fail("was asked"))
    monkeypatch.setattr(libraries.sys, "stdin", io.StringIO())
    with pytest.raises(PreparationError, match=r"sudo apt-get install .* libxcb-cursor0"):
        libraries.provide([X11[2]])
    assert debian == []


def test_root_installs_at_once_when_package_lists_are_there(debian, tmp_path):
    (tmp_path / "debian_main_Packages.lz4").touch()
    libraries.provide([X11[2]])
    assert [command[1] for command in debian] == ["install"]


def test_outdated_package_lists_are_renewed(debian, monkeypatch, tmp_path):
    (tmp_path / "debian_main_Packages").touch()

    def refuse_once(command, **_):
        debian.append(command)
        if len(debian) == 1:
            raise PreparationError("Not found.", "404")

    monkeypatch.setattr(libraries, "run_quietly", refuse_once)
    libraries.provide([X11[2]])
    assert [command[1] for command in debian] == ["install", "update", "install"]


def test_a_failing_apt_get_ends_in_the_command_to_type_and_its_own_output(debian, monkeypatch):
    def refuse(command, **_):
        raise PreparationError("No network.", "Could not resolve the host")

    monkeypatch.setattr(libraries, "run_quietly", refuse)
    with pytest.raises(PreparationError, match=r"sudo apt-get install .* libxcb-cursor0") as error:
        libraries.provide([X11[2]])
    assert error.value.output == "Could not resolve the host"


def test_a_user_is_told_the_command_and_nothing_is_installed(debian, monkeypatch):
    monkeypatch.setattr(libraries.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(libraries, "missing_libraries", lambda _environ: [X11[2]])
    with pytest.raises(PreparationError) as error:
        libraries.ensure_libraries({"DISPLAY": ":0"})
    assert "lacks what Backprop Studio needs: libxcb-cursor.so.0." in error.value.sentence
    assert "    sudo apt-get install" in error.value.sentence
    assert debian == []


def test_other_systems_bring_what_qt_needs(monkeypatch):
    monkeypatch.setattr(libraries.sys, "platform", "darwin")
    monkeypatch.setattr(libraries, "missing_libraries", lambda _environ: pytest.fail("was asked"))
    libraries.ensure_libraries({"DISPLAY": ":0"})


def test_what_apt_get_could_not_bring_is_named(debian, monkeypatch):
    monkeypatch.setattr(libraries, "missing_libraries", lambda _environ: [X11[2]])
    with pytest.raises(PreparationError, match=r"libxcb-cursor\.so\.0"):
        libraries.ensure_libraries({})
    assert [command[1] for command in debian] == ["update", "install"]
