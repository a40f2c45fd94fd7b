"""`check leakage`: does a feature know what nobody knew yet? Exit code 0 without a leak, 1 with one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from foretell.pipeline.leakage import LeakageReport

check = typer.Typer(help="Look for mistakes in your own data and features.", no_args_is_help=True)


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
