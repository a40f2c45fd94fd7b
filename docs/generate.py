"""Writes the parts of README and docs that the program knows: the demo's output, the references of commands and of
segments."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup

from foretell.cli.main import app
from foretell.cli.screen.data_check import data_check_lines
from foretell.customer_log.tables.vendors.vendor_exports import vendor_exports
from foretell.generated.parameters import Parameters, described, parameters_table
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.pipeline.data_check import checked_data
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.progress import Silent
from foretell.segments.migration import landing_mixture
from foretell.segments.migration.transition_tables import BASELINES
from foretell.segments.movement.cut_points import BUILT_IN, OF_TABLES, OPTIONAL

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
COMMANDS = ROOT / "docs" / "reference" / "cli.md"
GENERATED_SHOP = ROOT / "docs" / "explanation" / "generated_shop.md"
CHECK_DATA = ROOT / "docs" / "how-to" / "check-data.md"
OUTCOMES = ROOT / "docs" / "how-to" / "outcomes.md"
SEGMENTS = ROOT / "docs" / "reference" / "segments.md"
VENDORS = ROOT / "docs" / "reference" / "vendors.md"
PARAMETERS = re.compile(
    r"(<!-- printed by `foretell generate shop --parameters`, written here by `make docs` -->\n\n).*?(\n<!-- end -->)",
    re.DOTALL,
)


def place_of(command: str) -> re.Pattern[str]:
    """The block of a page that holds what a command prints."""
    told = f"<!-- printed by `{command}`, written here by `make docs` -->\n```\n"
    return re.compile(f"({re.escape(told)}).*?(```\n)", re.DOTALL)


CHECKED, BLOCK, LOOP = (place_of(f"foretell {name}") for name in ("check data", "demo", "demo --loop"))


def demo_output(*options: str) -> str:
    """What `foretell demo` prints in an empty folder, at 100 columns and without colours."""
    with tempfile.TemporaryDirectory() as folder:
        plain = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
        call = [sys.executable, "-m", "foretell", "demo", *options]
        printed = subprocess.run(call, cwd=folder, env=plain, capture_output=True, text=True, check=True).stdout
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines()) + "\n"


def with_demo(readme: str, output: str) -> str:
    """The README with that output in its place."""
    filled, places = BLOCK.subn(lambda block: block[1] + output + block[2], readme)
    assert places == 1, "README.md has no place for the demo's output"
    return filled


def with_loop(page: str) -> str:
    """The page of outcomes with what `foretell demo --loop` prints in its place."""
    shown = demo_output("--loop")
    filled, places = LOOP.subn(lambda block: block[1] + shown + block[2], page)
    assert places == 1, "outcomes.md has no place for what is printed"
    return filled


def printed_demo(readme: str) -> str:
    """The demo's output as it stands in the README."""
    found = BLOCK.search(readme)
    assert found is not None, "README.md has no place for the demo's output"
    return found[0].removeprefix(found[1]).removesuffix(found[2])


def with_parameters(page: str) -> str:
    """The page of the generated shop with what a shop is drawn from in its place."""
    shown = parameters_table(described(Parameters())) + "\n"
    filled, places = PARAMETERS.subn(lambda block: block[1] + shown + block[2], page)
    assert places == 1, "generated_shop.md has no place for the parameters"
    return filled


def with_checked_data(page: str) -> str:
    """The page with what `foretell check data` prints of a generated shop in which two faults were planted."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        write_shop(ShopRequest(200, 300, 4), shop, Silent())
        head, *rows = (shop / "orders.csv").read_text(encoding="utf-8").splitlines()
        time, amount = head.split(",").index("time"), head.split(",").index("amount")
        rows = [row for row in rows if not "2023-05-08" <= row.split(",")[time] < "2023-05-18"]
        cells = rows[100].split(",")
        cells[amount] = str(round(100 * float(cells[amount])))
        rows[100] = ",".join(cells)
        (shop / "orders.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        found = checked_data(request_of_declaration(shop / "foretell.toml"), Silent())
    shown = "\n".join(data_check_lines(found)) + "\n"
    filled, places = CHECKED.subn(lambda block: block[1] + shown + block[2], page)
    assert places == 1, "check-data.md has no place for what is printed"
    return filled


def vendor_reference() -> str:
    """Every vendor's export of a table beside orders, as Markdown."""
    lines = [
        *BEFORE_VENDORS.splitlines(),
        "",
        "| export | tables | customer | never read | names |",
        "|---|---|---|---|---|",
    ]
    for one in vendor_exports():
        checked = "verified" if one.verified else "**unverified**"
        cells = (
            ", ".join(one.tables),
            _code(one.customers, " or "),
            _code(one.state, ", "),
            f"{checked}: {one.read_from}",
        )
        lines += [f"| {one.name} | {' | '.join(cells)} |"]
    lines += ["", "## What to know of each", "", *(f"- {one.name}: {one.note}." for one in vendor_exports())]
    return "\n".join(lines) + "\n"


def _code(names: tuple[str, ...], between: str) -> str:
    return between.join(f"`{name}`" for name in names) or "none"


BEFORE_VENDORS = """\
# Vendors: exports of tables beside orders

Written by `make docs` from `src/foretell/customer_log/tables/vendors`.

Give them to `foretell init` beside the orders. Each is told by its header, whatever else stands there and in whatever
order. Of the columns that can name the customer, that counts whose values most customers of the orders have; the
others are in their order of preference. Columns under "never read" say what was true on the day of the export, so that
no earlier day may see them: `init` says which it left out. "Verified" says that the names were read where it says,
"unverified" that they are general knowledge: look at the first file before you trust it.

Column names of a table may also be a word for every row: `kind = "=review"`. In a file of events by e-mail and on the
site together, write a file of each: such a file is refused."""


def command_reference() -> str:
    """Every command with its arguments and options, as Markdown."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    lines = [
        "# Commands",
        "",
        "Written by `make docs` from the program itself. Results go to stdout, progress to stderr;",
    ]
    lines += ["an error that you can mend ends with exit code 2.", "", f"{group.help}"]
    for name, command in _commands(group):
        lines += ["", f"## foretell {name}", "", " ".join((command.help or "").split())]
        rows = [f"| `{spelling}` | {meaning} |" for spelling, meaning in _parameters(command)]
        lines += ["", "| argument | meaning |", "|---|---|", *rows] if rows else []
    return "\n".join(lines) + "\n"


def _commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{name}", command


def _parameters(command: TyperCommand) -> Iterator[tuple[str, str]]:
    context = typer.Context(command)
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and "--help" not in record[0]:
            spelling, meaning = (" ".join(text.split()).replace("|", "\\|") for text in record)
            yield spelling, meaning


def segment_reference() -> str:
    """Every built-in segment with its rule, and how a forecast of segments is made, as Markdown."""
    lines = ["# Segments", "", "Written by `make docs` from the program itself.", ""]
    for group in (*BUILT_IN, *OF_TABLES.values(), *OPTIONAL):
        told = " ".join((type(group).__doc__ or "").split())
        told += f' It is there where `[scores]` says `segment_set = "{group.name}"`.' if group in OPTIONAL else ""
        told += "".join(f" It is there where the log has {table}." for table, one in OF_TABLES.items() if one is group)
        lines += [f"## {group.name}", "", told, "", "| segment | who is in it |", "|---|---|"]
        lines += [f"| {name} | {rule} |" for name, rule in zip(group.segments, group.rules, strict=True)]
        lines += [""]
    lines += ["## Where customers go next", "", f"- {landing_mixture.NAME}: {landing_mixture.FORMULA}"]
    lines += [f"- {one.name} (baseline): {one.formula}" for one in BASELINES]
    return "\n".join(lines) + "\n\n" + AFTER_SEGMENTS


AFTER_SEGMENTS = """\
[landing] is the segment to which silence leads: the rule read at the end of the horizon, on today's facts alone.
At past cutoffs all of these are tested; where the landing mixture is not ahead, the best baseline serves, and
`foretell segments` says so.

Cut points are fitted on the first run and kept, so that nobody moves because others did; the window of orders and
spend is a year, or what the history carried on that day. `foretell segments --refit` lets the next run cut anew, and
the state folder records when. Of a day before the cut points, a run fits its own and keeps nothing.
"""


if __name__ == "__main__":
    SEGMENTS.write_text(segment_reference(), encoding="utf-8")
    COMMANDS.write_text(command_reference(), encoding="utf-8")
    VENDORS.write_text(vendor_reference(), encoding="utf-8")
    GENERATED_SHOP.write_text(with_parameters(GENERATED_SHOP.read_text(encoding="utf-8")), encoding="utf-8")
    tour = runpy.run_path(str(ROOT / "docs" / "tour.py"))
    tour["TOUR"].write_text(tour["with_tour"](tour["TOUR"].read_text(encoding="utf-8")), encoding="utf-8")
    CHECK_DATA.write_text(with_checked_data(CHECK_DATA.read_text(encoding="utf-8")), encoding="utf-8")
    OUTCOMES.write_text(with_loop(OUTCOMES.read_text(encoding="utf-8")), encoding="utf-8")
    README.write_text(with_demo(README.read_text(encoding="utf-8"), demo_output()), encoding="utf-8")
