"""Types the commands of the tour, top-down in one folder, and puts what they print in their places."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOUR = Path(__file__).parent / "tutorial" / "act-and-know.md"
TYPED = re.compile(r"(<!-- typed, and written here by `make docs` -->\n```\n)(.*?)(```\n)", re.DOTALL)
ADDED = re.compile(r"<!-- added to foretell.toml -->\n```toml\n(.*?)```\n", re.DOTALL)
LONGEST = 32
"""Lines of an answer that are shown; of a longer one the rest is left out, and said to be."""


def with_tour(page: str) -> str:
    """The page with every command typed anew: what is printed stands below its command, what is to be added to the
    declaration is added where the page says so."""
    with tempfile.TemporaryDirectory() as folder:
        shell = _Shell(Path(folder))
        pieces, end = list[str](), 0
        for place in sorted([*TYPED.finditer(page), *ADDED.finditer(page)], key=lambda found: found.start()):
            pieces.append(page[end : place.start()])
            if place.re is ADDED:
                shell.add(place[1])
                pieces.append(place[0])
            else:
                commands = [line.removeprefix("$ ") for line in place[2].splitlines() if line.startswith("$ ")]
                pieces.append(place[1] + "\n".join(shell.typed(command) for command in commands) + "\n" + place[3])
            end = place.end()
    return "".join(pieces) + page[end:]


class _Shell:
    """A terminal of 79 columns in an empty folder, in which `foretell` is this program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "bin" / "foretell"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m foretell "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        plain = {"COLUMNS": "79", "NO_COLOR": "1", "TERM": "dumb"}
        self.environment = {**os.environ, **plain, "PATH": f"{program.parent}:{os.environ['PATH']}"}

    def add(self, text: str) -> None:
        """More of the declaration; an empty line stands before it."""
        with (self.folder / "foretell.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")

    def typed(self, command: str) -> str:
        """The command and what it printed; a folder that it changes to is that of those behind it."""
        if command.startswith("cd "):
            self.folder = self.folder / command.removeprefix("cd ")
            return f"$ {command}"
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode < 2, f"{command}\n{done.stderr}"
        lines = [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
        shown = lines if len(lines) <= LONGEST else [*lines[:LONGEST], f"... {len(lines) - LONGEST} lines more"]
        return "\n".join([f"$ {command}", *shown, ""])
