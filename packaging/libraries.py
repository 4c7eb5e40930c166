"""The system libraries that Qt loads on Linux: which are missing, and how to get them.

The lists are what `ldd` and `objdump -p` show for PySide6-Essentials 6.8 to 6.12 (QtGui, QtWidgets,
QtSvg, QtOpenGL and the xcb and Wayland plugins), less what those wheels bring themselves.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from preparation import PreparationError, run_quietly, say

APT_LISTS = Path("/var/lib/apt/lists")


@dataclass(frozen=True)
class Library:
    """A shared library and the package that holds it for each package manager."""

    file: str
    apt: str
    dnf: str
    pacman: str


BASE = (
    Library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
    Library("libX11.so.6", "libx11-6", "libX11", "libx11"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
    Library("libfreetype.so.6", "libfreetype6", "freetype", "freetype2"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
)

X11 = (
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    Library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
    ),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util"),
    Library("libxcb.so.1", "libxcb1", "libxcb", "libxcb"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb", "libxcb"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
)

WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0", "libwayland-client", "wayland"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "wayland"),
    Library("libwayland-egl.so.1", "libwayland-egl1", "libwayland-egl", "wayland"),
)

INSTALL = {
    "apt": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
}


def is_present(file: str) -> bool:
    """Whether the system's loader finds and loads this shared library."""
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def screens(environ: Mapping[str, str]) -> list[tuple[Library, ...]]:
    """The libraries of each kind of screen that Qt could open here; empty when there is none."""
    platform = environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform:
        return [group for name, group in (("xcb", X11), ("wayland", WAYLAND)) if platform == name]
    variables = (("WAYLAND_DISPLAY", WAYLAND), ("DISPLAY", X11))
    return [group for variable, group in variables if environ.get(variable)]


def missing_libraries(
    environ: Mapping[str, str], present: Callable[[str], bool] = is_present
) -> list[Library]:
    """What Qt would not find. Of two kinds of screen one suffices: the one that misses less."""
    base = [library for library in BASE if not present(library.file)]
    per_screen = [
        [library for library in group if not present(library.file)] for group in screens(environ)
    ]
    return base + min(per_screen, key=len, default=[])


def package_names(libraries: Iterable[Library], manager: str) -> list[str]:
    """The packages that hold `libraries`, each once, in order."""
    return list(dict.fromkeys(getattr(library, manager) for library in libraries))


def advice(
    libraries: list[Library], which: Callable[[str], str | None] = shutil.which
) -> list[str]:
    """One install command for each package manager that is here; apt's when none is."""
    managers = [name for name in INSTALL if which(INSTALL[name].split()[0])] or ["apt"]
    return [f"sudo {INSTALL[name]} {' '.join(package_names(libraries, name))}" for name in managers]


def ensure_libraries(environ: Mapping[str, str]) -> None:
    """On Linux: installs the missing libraries where that is allowed, else says what to type."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries(environ)
    if missing:
        provide(missing)
        still_missing = missing_libraries(environ)
        if still_missing:
            raise PreparationError(_refusal(still_missing))


def provide(libraries: list[Library]) -> None:
    """Installs `libraries` with apt-get as root, after a question; otherwise raises with the
    command to type."""
    packages = package_names(libraries, "apt")
    if not shutil.which("apt-get") or os.geteuid() != 0 or not _agrees(packages):
        raise PreparationError(_refusal(libraries))
    say(f"Installing with apt-get, once: {' '.join(packages)}.")
    try:
        _install_with_apt(packages)
    except PreparationError as error:
        raise PreparationError(_refusal(libraries), error.output) from error


def _agrees(packages: list[str]) -> bool:
    """Whether the system may be changed. On a CI machine nobody is there to be asked."""
    if os.environ.get("CI"):
        return True
    if not sys.stdin.isatty():
        return False
    say(f"Backprop Studio needs these packages of the system: {' '.join(packages)}.")
    return input("Install them with apt-get as root? [y/N] ").strip().lower() in ("y", "yes")


def _install_with_apt(packages: list[str]) -> None:
    command = [*shlex.split(INSTALL["apt"]), *packages]
    if any(APT_LISTS.glob("*Packages*")):
        with contextlib.suppress(PreparationError):  # the lists may be older than the servers'
            run_quietly(command, DEBIAN_FRONTEND="noninteractive")
            return
    run_quietly(["apt-get", "update"], DEBIAN_FRONTEND="noninteractive")
    run_quietly(command, DEBIAN_FRONTEND="noninteractive")


def _refusal(libraries: list[Library]) -> str:
    names = ", ".join(library.file for library in libraries)
    commands = "\n".join("    " + command for command in advice(libraries))
    return f"This system lacks what Backprop Studio needs: {names}. Install it with\n{commands}"
