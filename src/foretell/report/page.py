"""The page: everything that the report says, gathered from an outcome and set by one template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from foretell import __version__
from foretell.answers.remarks import remarks
from foretell.pipeline.run import Outcome
from foretell.report import early, forecasts, intake, making, objectives, pictures, proof, segments, tables, tracks
from foretell.report import lifetime_value as worth
from foretell.report.markup import Markup
from foretell.words.wording import counted, days, shown


def report_html(outcome: Outcome) -> str:
    """The report as one HTML file: no network, no script, everything that came from outside escaped."""
    return set_page("report.html", page(outcome))


def set_page(template: str, told: Mapping[str, Any]) -> str:
    """A template of this folder set with what it tells, and with the style that all reports share."""
    return _template(template).render(told, css=_style())


def page(outcome: Outcome) -> dict[str, Any]:
    """What the template sets, by section."""
    plan, request = outcome.plan, outcome.request
    return {
        "version": __version__,
        "name": shown(request.name),
        "as_of": plan.as_of_day(),
        "horizon": days(plan.horizon_days),
        "horizon_reason": horizon_reason(outcome),
        "currency": request.currency,
        "customers": counted(len(outcome.scores), "customer"),
        "warnings": warnings(outcome),
        "objectives": objectives.asked(outcome),
        "tiles": forecasts.tiles(outcome),
        "leaving": forecasts.leaving(outcome),
        "risk_charts": forecasts.risk_charts(outcome),
        "rising": forecasts.rising(outcome),
        "segments": forecasts.segments(outcome),
        "set_parts": segments.set_parts(outcome),
        "worth": worth.worth(outcome),
        "grades": proof.grade_cards(outcome.proof),
        "figures": pictures.figures(outcome),
        "tracking_intro": tracks.intro(outcome.tracking) if outcome.tracking else "",
        "tracking": tracks.figures(outcome.tracking) if outcome.tracking else [],
        "early": early.early_part(outcome.early_value, request.currency) if outcome.early_value else None,
        "early_columns": early.COLUMNS,
        "cutoff_figures": pictures.cutoff_figures(outcome.proof),
        "metric_tables": tables.metric_tables(outcome.proof, request.currency),
        "kinds": [
            (title, table.columns, [list(zip(*row, strict=True)) for row in zip(table.rows, table.better, strict=True)])
            for title, table in tables.kinds_tables(outcome.proof)
        ],
        "formulas": proof.formulas(outcome.proof),
        "evidence": proof.evidence(outcome),
        "levels": proof.levels(outcome.proof),
        "cannot": [(making.reason_in_words(who), shown(why)) for who, why in outcome.proof.cannot.items()],
        "findings": outcome.findings,
        "intake": intake.facts(outcome),
        "weeks": intake.orders_by_week(outcome),
        "refusals": intake.refusals(outcome),
        "making": making.facts(outcome),
        "serving": making.serving(outcome),
        "command": making.command(outcome),
    }


def horizon_reason(outcome: Outcome) -> str:
    """Why this horizon, as a sentence."""
    reason = outcome.plan.horizon_reason
    horizon = f"A horizon of {days(outcome.plan.horizon_days)}"
    return f"{horizon} was asked for." if reason == "as asked" else f"{horizon} suits this log: {reason}."


def warnings(outcome: Outcome) -> list[str]:
    """What a reader must know before the first number."""
    told = [remark.text for remark in remarks(outcome) if remark.is_warning]
    told += [finding.text for finding in outcome.findings if finding.severity == "warning"]
    if outcome.proof.unproved:
        told.append(f"Nothing here is proved: {outcome.proof.unproved}. Take every number as a guess.")
    return told


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("foretell.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


@cache
def _style() -> Markup:
    environment = _template("report.html").environment
    sheets = ("report.css", "segments.css")
    return Markup("".join(environment.loader.get_source(environment, sheet)[0] for sheet in sheets))  # type: ignore[union-attr]
