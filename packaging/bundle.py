"""Makes a folder that starts without Python: `python3 packaging/bundle.py`.

PyInstaller freezes the program for the system that it runs on (Windows, macOS or Linux) into
`dist/backprop-studio/`; hand that folder on as a whole. It starts like the installed command:
`dist/backprop-studio/backprop-studio [FILE | train | check | describe]`.
"""

import os
import sys

from python_check import require_python

# Layers, optimizers and panels are found at run time by looking into their packages.
PACKAGES = ("engine", "studio")
# Parts of the environment that the program never imports.
TYPESETTING = ("ziamath", "ziafont", "latex2mathml")
"""Imported at run time, with a font and tables of their own."""
UNUSED = ("torch", "sklearn", "scipy", "pytest", "hypothesis", "mypy", "tkinter")


def command(python, root):
    """PyInstaller's command for the project in `root`: one folder, no console of its own."""
    resources = str(root / "resources") + os.pathsep + "engine/_resources"
    arguments = [str(python), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    arguments += ["--name", "backprop-studio", "--add-data", resources]
    if os.name == "nt":
        arguments += ["--hide-console", "hide-early"]
    arguments += ["--distpath", str(root / "dist"), "--workpath", str(root / "build")]
    arguments += ["--specpath", str(root / "build"), "--paths", str(root)]
    for package in PACKAGES:
        arguments += ["--collect-submodules", package]
    for package in TYPESETTING:
        arguments += ["--collect-all", package]
    for package in UNUSED:
        arguments += ["--exclude-module", package]
    return arguments + [str(root / "studio" / "__main__.py")]


def main():
    """Prepares the environment with PyInstaller, then runs it. Returns the exit code."""
    require_python()
    from environment import Environment
    from preparation import hand_over, run_or_explain

    def prepare_and_bundle():
        environment = Environment()
        environment.prepare(["bundle"])
        return hand_over(command(environment.python, environment.root))

    return run_or_explain(prepare_and_bundle)


if __name__ == "__main__":
    sys.exit(main())
