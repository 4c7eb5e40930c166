"""What no reader may wait for: pipes, devices, sockets and folders, made for a test."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

HANG_S = 60
"""Nothing here takes a second; but machines that test are slow at times."""


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def make_folder(path: Path) -> None:
    path.mkdir()


KINDS: dict[str, Callable[[Path], None]] = {
    "a folder": make_folder,
    **({"a pipe": make_pipe, "a device": make_device, "a socket": make_socket}
       if os.name == "posix" else {}),
}  # fmt: skip


def raised_by(call: Callable[[], object]) -> BaseException | None:
    """What a call raises. Fails where it does not come back."""
    found: list[BaseException] = []

    def work() -> None:
        try:
            call()
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(HANG_S)
    assert not thread.is_alive(), "the reader waits for ever"
    return found[0] if found else None
