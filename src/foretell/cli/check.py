"""`check data`: are the data fit to learn from? `check intake`: what would be read of the files? `check leakage`: does
a feature know what nobody knew yet? Exit code 0, or 1 where a run would stop, or where there is a leak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretell.cli.options import (
    ColumnsOption,
    Currency,
    DateOrderOption,
    DecimalOption,
    Files,
    FirstDayOption,
    Horizon,
    Json,
    NobodyOption,
    Out,
    SheetOption,
    StatesOption,
    Timezone,
    VisitsOption,
    Yes,
)

if TYPE_CHECKING:
    from foretell.pipeline.leakage import LeakageReport

check = typer.Typer(help="Look for mistakes in your own data and features.", no_args_is_help=True)


@check.command()
def data(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Files = None,
    columns: ColumnsOption = None,
    timezone: Timezone = None,
    currency: Currency = None,
    horizon: Horizon = None,
    states: StatesOption = None,
    nobody: NobodyOption = None,
    date_order: DateOrderOption = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    first_day: FirstDayOption = None,
    count_visits: VisitsOption = False,
    out: Out = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Look for what is wrong with the data before anything is learned: gaps, outliers, clocks, ids that do not match;
    and say which questions they can carry. Exit code 1 where a run would stop. What was read is kept for the run."""
    from foretell.cli.screen.data_check import data_check_lines
    from foretell.cli.screen.progress import Listener
    from foretell.cli.screen.question import question
    from foretell.pipeline.data_check import checked_data
    from foretell.pipeline.intake.requests import request_from

    given = {"columns": columns, "states": states, "nobody": nobody, "decimal": decimal}
    given |= {"sheet": sheet, "first_day": first_day, "timezone": timezone, "currency": currency, "horizon": horizon}
    read = {"date_order": date_order.value if date_order else None, "count_visits": count_visits or None}
    request = request_from(files or [], out, **given, **read, assume_yes=yes or None)
    with Listener(quiet=as_json) as listener:
        found = checked_data(request, listener, question(request, as_json))
    print(json.dumps(found.as_json(), ensure_ascii=False) if as_json else "\n".join(data_check_lines(found)))
    if found.counted("stop"):
        raise typer.Exit(1)


@check.command()
def intake(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Files = None,
    columns: ColumnsOption = None,
    states: StatesOption = None,
    nobody: NobodyOption = None,
    date_order: DateOrderOption = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    first_day: FirstDayOption = None,
    count_visits: VisitsOption = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Read the files as a run would, and say what was taken, left out, refused and assumed; nothing is trained."""
    from foretell.answers.intake import intake_as_json
    from foretell.cli.screen.progress import Listener
    from foretell.cli.screen.question import question
    from foretell.pipeline.intake.check import checked_intake, intake_lines
    from foretell.pipeline.intake.requests import request_from

    given = {"columns": columns, "states": states, "nobody": nobody, "decimal": decimal}
    given |= {"sheet": sheet, "first_day": first_day, "count_visits": count_visits or None}  # type: ignore[dict-item]
    order = date_order.value if date_order else None
    request = request_from(files or [], None, **given, date_order=order, assume_yes=yes or None)
    with Listener(quiet=as_json) as listener:
        found, currency = checked_intake(request, question(request, as_json), listener)
    print(
        json.dumps(intake_as_json(found), ensure_ascii=False) if as_json else "\n".join(intake_lines(found, currency))
    )


@check.command()
def leakage(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Order files: one, several, a folder or a pattern.", metavar="FILE...")
    ] = None,
    features: Annotated[
        Path | None, typer.Option("--features", help="A Python file that registers features of yours.", metavar="FILE")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The last of the cutoffs. [default: the end of the data]", metavar="DAY"),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option("--columns", help="Which column is what: customer=...,time=...,amount=...,order=...,known_at=..."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Compute every feature at past cutoffs with and without what was not known yet, and name those that differ."""
    from foretell.cli.screen.progress import Listener
    from foretell.pipeline.intake.requests import request_from
    from foretell.pipeline.leakage import check_leakage

    request = request_from(files or [], None, columns=columns, as_of=as_of)
    with Listener(quiet=as_json) as listener:
        report = check_leakage(request, features, listener)
    print(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(_lines(report)))
    if not report.is_clean:
        raise typer.Exit(1)


def _lines(report: LeakageReport) -> list[str]:
    lines = [
        f"{len(report.features)} features of {report.customers:,} customers at {', '.join(report.cutoffs)}: "
        + ("no leak" if report.is_clean else f"{len({leak.feature for leak in report.leaks})} with a leak")
    ]
    lines += [
        f"  {leak.feature} at {report.day(leak)}: {leak.customers:,} of {leak.of:,} customers change when what was not "
        f"known yet is {leak.change}; customer {leak.customer_id}: {leak.value:g} becomes {leak.changed_value:g}"
        for leak in report.leaks
    ]
    times = report.times
    if times.known_before:
        lines.append(
            f"  {times.known_before:,} of {times.orders:,} orders and refunds were known before they happened: "
            "they count from when they happened"
        )
    if times.known_late:
        lines.append(
            f"  {times.known_late:,} of {times.orders:,} orders and refunds became known more than 90 days after they "
            f"happened, up to {times.longest_delay_days:,.0f} days: is that column really when they became known?"
        )
    return lines
