"""The installed program: wheel, source archive and desktop entry fit together."""

import configparser
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.slow

PIP_PATIENCE_S = 60
FIND_THE_DIGITS = """
import engine.resources
print(engine.resources.__file__)
print(engine.resources.path("data", "mnist-10k.npz"))
"""


def run(*command, **options):
    """Runs a command to its end. Returns its output; a failure fails the test."""
    arguments = [str(argument) for argument in command]
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=PIP_PATIENCE_S, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_wheel(source, folder):
    """Builds the wheel of `source` with the hatchling that is here. Returns its path."""
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation"]
    run(*pip, "--disable-pip-version-check", "--wheel-dir", folder, source)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(project, tmp_path_factory):
    return build_wheel(project, tmp_path_factory.mktemp("wheel"))


def members(wheel):
    """Each file of a wheel and its content."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_installed_wheel_finds_its_digits_from_an_empty_folder(wheel, tmp_path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    run(*pip, "--disable-pip-version-check", "--target", site, wheel)
    program = f"import sys; sys.path.insert(0, {str(site)!r})\n{FIND_THE_DIGITS}"
    module, digits = run(sys.executable, "-P", "-c", program, cwd=empty).splitlines()
    assert module == str(site / "engine" / "resources.py")
    assert digits == str(site / "engine" / "_resources" / "data" / "mnist-10k.npz")


def test_the_wheel_carries_every_resource_byte_for_byte(wheel, project):
    carried = members(wheel)
    resources = [path for path in (project / "resources").rglob("*") if path.is_file()]
    assert resources
    for path in resources:
        name = path.relative_to(project / "resources").as_posix()
        assert carried[f"engine/_resources/{name}"] == path.read_bytes()


def test_the_wheel_carries_packages_and_resources_and_nothing_else(wheel):
    tops = {name.split("/")[0] for name in members(wheel)}
    assert {top for top in tops if "-" not in top} == {"engine", "studio"}


def test_the_wheel_carries_the_license_and_says_that_its_types_can_be_relied_on(wheel, project):
    carried = members(wheel)
    (license_file,) = [name for name in carried if name.endswith("/licenses/LICENSE")]
    assert carried[license_file] == (project / "LICENSE").read_bytes()
    assert {"engine/py.typed", "studio/py.typed"} <= set(carried)


def test_the_source_archive_builds_the_same_wheel(wheel, project, tmp_path):
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=project)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(path for path in tmp_path.iterdir() if path.is_dir())
    rebuilt = tmp_path / "rebuilt"
    rebuilt.mkdir()
    assert members(build_wheel(source, rebuilt)) == members(wheel)


def test_the_desktop_entry_starts_the_installed_command_with_the_installed_icon(wheel, project):
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    carried = members(wheel)
    [name] = [
        name for name in carried if name.endswith("share/applications/backprop-studio.desktop")
    ]
    entry.read_string(carried[name].decode())
    scripts = tomllib.loads((project / "pyproject.toml").read_text())["project"]["scripts"]
    start = entry["Desktop Entry"]
    assert start["Type"] == "Application"
    assert start["Exec"].split()[0] in scripts
    assert any(name.endswith(f"hicolor/scalable/apps/{start['Icon']}.svg") for name in carried)


def test_the_icon_is_square_and_needs_nothing_from_outside(project):
    icon = (project / "resources" / "icons" / "backprop-studio.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(icon)
    assert root.get("width") == root.get("height")
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert "href" not in icon
