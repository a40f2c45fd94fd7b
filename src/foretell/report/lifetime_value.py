"""The part of the report on lifetime value: what all customers are worth, which segments hold it, and who most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.lifetime_value.projection import PROJECTIONS, Projection
from foretell.report.markup import Markup
from foretell.report.pictures import charts
from foretell.segments.rfm import RULES
from foretell.words.wording import TIGHT, amount, counted, days, decimal, known, percent, shown

MOST_SHOWN = 10
NOBODY_LEAVES = 1e-3


@dataclass(frozen=True)
class WorthRow:
    """A segment or a customer: value over one and three years, the share of the whole, the share extrapolated."""

    name: str
    beside: str
    one_year: str
    three_years: str
    share: str
    share_bar: Markup
    extrapolated: str


@dataclass(frozen=True)
class Worth:
    """Totals, sentences on what they rest on, and the rows of both tables."""

    one_year: str
    three_years: str
    extrapolated: str
    told: tuple[str, ...]
    segments: tuple[WorthRow, ...]
    customers: tuple[WorthRow, ...]


def worth(run: RunOverHorizon) -> Worth | None:
    """None where nobody is worth anything."""
    scores, currency = run.scores, run.currency
    one, three, share = (scores[n].to_numpy() for n in ("clv_12m", "clv_36m", "clv_extrapolated_share"))
    whole = float(three.sum())
    if not whole > 0:
        return None

    def row(name: str, beside: str, own: np.ndarray) -> WorthRow:
        held = float(three[own].sum())
        beyond = percent(float((three * share)[own].sum()) / held if held > 0 else float("nan"))
        of_whole = held / whole
        one_year = amount(float(one[own].sum()), currency)
        bar = charts.bar(of_whole, "other")
        return WorthRow(name, beside, one_year, amount(held, currency), percent(of_whole), bar, beyond)

    named = np.array([name or "none" for name in scores["segment"].to_pylist()], dtype=object)
    order = [rule[0] for rule in RULES]
    found = [name for name in [*order, *sorted(set(named) - set(order))] if (named == name).any()]
    segments = [row(name, counted(int((named == name).sum()), "customer"), named == name) for name in found]
    most = np.argsort(-three, kind="stable")[:MOST_SHOWN]
    ids = scores["customer_id"]
    customers = [row(shown(ids[at].as_py()), str(named[at]), np.array([at])) for at in most.tolist()]
    beyond = percent(float((three * share).sum()) / whole)
    return Worth(
        amount(float(one.sum()), currency),
        amount(whole, currency),
        beyond,
        (_basis(run), _extrapolation(run, beyond), *_process(run), *_checked(run)),
        tuple(segments),
        tuple(customers),
    )


def _basis(run: RunOverHorizon) -> str:
    request = run.request.settings
    rate = f"discounted at {100 * request.discount_rate:g}{TIGHT}% a year"
    if request.margin == 1:
        return f"Of revenue, {rate}: no margin was declared ([project] margin in foretell.toml, or --margin)."
    return f"At a margin of {100 * request.margin:g}{TIGHT}% of spend, {rate}."


def _extrapolation(run: RunOverHorizon, beyond: str) -> str:
    proved = run.models.lifetime.proved_days
    if not proved:
        return f"Extrapolation: no past cutoff tested any of it ({beyond})."
    return (
        f"Extrapolation: {beyond} of the value of 36 months lies beyond the {days(proved)} that past cutoffs tested. "
        "It is the curve of BG/NBD and Gamma-Gamma; the level of the expected spend fades out of it within a year."
    )


def _process(run: RunOverHorizon) -> list[str]:
    lifetime = run.models.lifetime
    if lifetime.process is None:
        why = f": {lifetime.cannot}" if lifetime.cannot else ""
        return [
            f"No buying process could be fitted{why}. Beyond the horizon the expected spend decays as past customers "
            f"went: {percent(lifetime.return_share)} of those first seen {days(lifetime.return_days)} ago on average "
            f"ordered in the last {days(run.plan.horizon_days)}."
        ]
    parameters = lifetime.process.parameters
    if parameters.a / (parameters.a + parameters.b) < NOBODY_LEAVES:
        return [
            f"In {days(run.plan.survey.span_days)} of history the process sees nobody leave for good: beyond the "
            "horizon take these values as upper bounds."
        ]
    return []


def _checked(run: RunOverHorizon) -> list[str]:
    if not run.read(PROJECTIONS):
        return ["The log cannot check anything beyond the horizon: too little came after the oldest test."]
    return [_check(one, run.currency) for one in run.read(PROJECTIONS)]


def _check(one: Projection, currency: str) -> str:
    scaled = "" if one.horizon_days else ", the process alone, as no forecast was made on that day,"
    ratio = f" (ratio {decimal(one.ratio, 2)})" if known(one.ratio) else ""
    return (
        f"Checked as far as the log reaches, on {counted(one.customers, 'customer')}: the projection over "
        f"{days(one.days)} from {one.day}{scaled} said {amount(one.expected, currency)}, "
        f"{amount(one.came, currency)} came{ratio}."
    )
