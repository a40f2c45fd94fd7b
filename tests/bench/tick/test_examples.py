"""The files for cron, systemd, Airflow and Dagster: they are what they say, and call a command that there is.

With the real packages, which are no dependencies, `python -m bench.tick.examples` imports them.
"""

from __future__ import annotations

import ast
import configparser
import re
import shlex
from pathlib import Path

import pytest
from bench.tick.examples import IMPORTED
from typer.main import get_command

from foretell.cli.main import app

EXAMPLES = Path(__file__).parents[3] / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*.py"))


def is_a_command(words: list[str]) -> bool:
    """Whether the command line has this command with these options."""
    commands = vars(get_command(app))["commands"]
    known = {name: [opt for one in command.params for opt in one.opts] for name, command in commands.items()}
    name, *options = words[1:]
    return words[0].endswith("foretell") and name in known and set(options) <= set(known[name])


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((EXAMPLES / name).read_text(encoding="utf-8"))
    return parser


def test_cron_has_five_fields_and_the_command() -> None:
    (line,) = [one for one in (EXAMPLES / "crontab").read_text().splitlines() if not one.startswith("#")]
    *when, command = line.split(maxsplit=5)
    assert all(re.fullmatch(r"(\*(/\d+)?|\d+)", field) for field in when)
    assert is_a_command(shlex.split(command.partition("nice ")[2].partition(">>")[0]))


def test_the_timer_starts_the_service_which_ends_by_itself() -> None:
    service, timer = unit("foretell-tick.service"), unit("foretell-tick.timer")
    assert service["Service"]["Type"] == "oneshot"
    assert is_a_command(shlex.split(service["Service"]["ExecStart"]))
    assert service["Service"]["ReadWritePaths"] == service["Service"]["WorkingDirectory"]
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert timer["Timer"]["OnCalendar"] == "*:0/5"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_program_calls_the_command_and_fails_where_it_does(program: Path) -> None:
    tree = ast.parse(program.read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "subprocess.run"
    ]
    (call,) = calls
    assert is_a_command(ast.literal_eval(call.args[0]))
    (checked,) = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    assert ast.unparse(checked.test) == "done.returncode"
    assert isinstance(checked.body[0], ast.Raise)
    outside = {
        name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert "foretell" not in outside


def test_every_program_is_imported_with_the_real_packages_by_the_bench() -> None:
    assert sorted(IMPORTED) == [path.name for path in PROGRAMS]
