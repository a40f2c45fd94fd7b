"""The page: everything that the report says, gathered from an outcome and set by one template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from foretell.answers.model import reason_in_words
from foretell.answers.objectives import asked
from foretell.answers.proofs.contracts import contract_answer, contract_tables
from foretell.answers.proofs.sources import sources_table
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.answers.remarks import remarks
from foretell.forecasts.early_value import words
from foretell.forecasts.early_value.proof import EARLY_VALUE
from foretell.forecasts.orders.tracking import TRACKING
from foretell.health.checks import FINDINGS
from foretell.health.data.checked import DATA_CHECK
from foretell.project.version import __version__
from foretell.report import contracts, early, forecasts, intake, making, monitoring, outcomes, proof, segments
from foretell.report import lifetime_value as worth
from foretell.report.markup import Markup
from foretell.report.pictures import figures, tracks
from foretell.report.pictures.charts import bar
from foretell.report.pictures.migration_matrix import FEWEST_SHOWN, name_shown
from foretell.words.metrics import QUESTIONS
from foretell.words.wording import (
    amount,
    count,
    counted,
    days,
    decimal,
    expected,
    interval,
    known,
    model_name,
    percent,
    shown,
    signed_percent,
)

FILTERS = (amount, bar, count, days, decimal, expected, interval, known, model_name, percent, shown, signed_percent)
"""How templates write figures."""


def report_html(run: PublishedRun) -> str:
    """The report as one HTML file: no network, no script, everything that came from outside escaped."""
    return set_page("report.html", page(run.main))


def set_page(template: str, told: Mapping[str, Any]) -> str:
    """A template of this folder set with what it tells, and with the style that all reports share."""
    return _template(template).render(told, css=_style())


def page(run: RunOverHorizon) -> dict[str, Any]:
    """What the template sets, by section."""
    plan, request = run.plan, run.request
    tracking, early_value = run.read(TRACKING), run.read(EARLY_VALUE)
    contract = contract_answer(run)
    return {
        "version": __version__,
        "name": shown(request.settings.name),
        "as_of": plan.as_of_day(),
        "horizon": days(plan.horizon_days),
        "horizon_reason": horizon_reason(run),
        "currency": run.currency,
        "customers": counted(len(run.scores), "customer"),
        "warnings": warnings(run),
        "objectives": asked(run),
        "broken": monitoring.broken(run),
        "tiles": forecasts.tiles(run),
        "leaving": forecasts.leaving(run),
        "risk_charts": forecasts.risk_charts(run),
        "rising": forecasts.rising(run),
        "segments": forecasts.segments(run),
        "set_parts": segments.set_parts(run),
        "name_shown": name_shown,
        "fewest_shown": FEWEST_SHOWN,
        "change_of": segments.change_of,
        "way_of": segments.way_of,
        "shown_sentence": segments.shown_sentence,
        "worth": worth.worth(run),
        "contracts": contract,
        "contract_figure": contracts.figure(contract.today) if contract else None,
        "contract_tables": contract_tables(contract) if contract else [],
        "grades": proof.graded(run.proof),
        "questions": QUESTIONS,
        "figures": figures.figures(run),
        "outcome": outcomes.told(run),
        "tracking_intro": tracks.intro(tracking) if tracking else "",
        "tracking": tracks.figures(tracking) if tracking else [],
        "early": early_value,
        "early_words": words,
        "early_figure": early.figure(early_value) if early_value.ages else None,
        "early_columns": early.COLUMNS,
        "early_cells": early.cells,
        "cutoff_figures": figures.cutoff_figures(run.proof),
        "metric_tables": proof.metric_tables(run.proof, run.currency),
        "kinds": [
            (title, table.columns, [list(zip(*row, strict=True)) for row in zip(table.rows, table.better, strict=True)])
            for title, table in proof.kinds_tables(run.proof)
        ],
        "formulas": proof.formulas(run.proof),
        "evidence": proof.evidence(run),
        "levels": proof.levels(run.proof),
        "sources": sources_table(run.proof.sources),
        "cannot": [(reason_in_words(who), shown(why)) for who, why in run.proof.cannot.items()],
        "findings": run.read(FINDINGS),
        "data_check": run.read(DATA_CHECK),
        "intake": intake.facts(run),
        "weeks": intake.orders_by_week(run),
        "refusals": intake.refusals(run),
        "making": making.facts(run),
        "serving": making.serving(run),
        "command": making.command(run),
    }


def horizon_reason(run: RunOverHorizon) -> str:
    """Why this horizon, as a sentence."""
    reason = run.plan.horizon_reason
    horizon = f"A horizon of {days(run.plan.horizon_days)}"
    return f"{horizon} was asked for." if reason == "as asked" else f"{horizon} suits this log: {reason}."


def warnings(run: RunOverHorizon) -> list[str]:
    """What a reader must know before the first number."""
    told = [remark.text for remark in remarks(run) if remark.is_warning]
    told += [finding.text for finding in run.read(FINDINGS) if finding.severity == "warning"]
    if run.proof.unproved:
        told.append(f"Nothing here is proved: {run.proof.unproved}. Take every number as a guess.")
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
    environment.filters |= {write.__name__: write for write in FILTERS}
    return environment.get_template(name)


@cache
def _style() -> Markup:
    environment = _template("report.html").environment
    sheets = ("report.css", "segments.css")
    return Markup("".join(environment.loader.get_source(environment, sheet)[0] for sheet in sheets))  # type: ignore[union-attr]
