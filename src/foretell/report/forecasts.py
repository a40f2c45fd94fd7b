"""The first part of the report: headline numbers, who is leaving, who is rising, and the segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from foretell.answers.headline import at_stake, chance_of_leaving, figures
from foretell.answers.published import RunOverHorizon
from foretell.features.registry import told_in
from foretell.project.intervals import from_microseconds
from foretell.report.markup import Markup
from foretell.report.pictures import charts
from foretell.scores.reasons import of_column
from foretell.scores.segment_reasons import segment_reasons
from foretell.segments.rfm import RULES
from foretell.words import reasons as reason_data
from foretell.words.wording import amount, change, count, days, expected, percent, short

FACTS = ("days_since_last", "gap_days_median", "trailing_spend")
LEAVING_SHOWN = 12
RISING_SHOWN = 8
FEWEST_IN_A_CHART = 20
MEANINGS = {
    "Champions": "ordered lately, often and for much",
    "Loyal": "order often and for much",
    "Cannot lose": "were among the best, silent for long",
    "At risk": "were good, silent for a while",
    "Potential loyalist": "ordered lately, moderate so far",
    "Need attention": "average, cooling down",
    "New": "ordered lately, for the first times",
    "Promising": "ordered lately, little so far",
    "About to sleep": "ordered little, some time ago",
    "Hibernating": "ordered little, long ago",
    "Lost": "ordered little, longest ago",
}


@dataclass(frozen=True)
class Tile:
    """A headline number, what it is, and what to compare it with."""

    figure: str
    unit: str
    label: str
    beside: str


@dataclass(frozen=True)
class ReasonLine:
    """What moved a forecast, and which way: `up` made an order likelier, `down` less likely, `` neither."""

    way: str
    text: str


def tiles(run: RunOverHorizon) -> list[Tile]:
    """Customers, orders, spend and money at risk."""
    horizon, currency = days(run.plan.horizon_days), run.currency
    found = figures(run)
    orders, orders_before = found["expected_orders"], found["known_then_orders"]
    spend, spend_before = found["expected_spend"], found["known_then_spend"]
    paid = found["trailing_spend"]
    active, stake = count(found["active_customers"]), found["at_stake"]
    at_risk = (
        f"with active customers: chance of leaving × spend of the last {horizon}, {percent(stake / paid)} of it"
        if paid > 0
        else f"nothing was spent in the last {horizon}"
    )
    return [
        Tile(
            count(found["customers"]),
            "",
            "customer" if found["customers"] == 1 else "customers",
            f"{active} of them active, by their own rhythm",
        ),
        Tile(
            expected(orders),
            "",
            "orders expected",
            f"80\xa0%: {expected(found['expected_orders_low'])} to {expected(found['expected_orders_high'])}; "
            + _beside(count(orders_before), horizon, orders, orders_before),
        ),
        Tile(
            amount(spend),
            currency,
            "spend expected",
            f"80\xa0%: {amount(found['expected_spend_low'])} to {amount(found['expected_spend_high'])}; "
            + _beside(amount(spend_before, currency), horizon, spend, spend_before),
        ),
        Tile(amount(stake), currency, "at risk", at_risk),
    ]


def _beside(told: str, horizon: str, now: float, before: float) -> str:
    changed = change(now, before)
    return f"after {told} in the last {horizon} by those known before{f' ({changed})' if changed else ''}"


def leaving(run: RunOverHorizon) -> list[dict[str, Any]]:
    """The active customers with most money at stake, most first; none where nobody has any."""
    stake = at_stake(run)
    rows = np.argsort(-stake, kind="stable")[:LEAVING_SHOWN]
    chance = chance_of_leaving(run)
    return [_row(run, int(row), float(chance[row]), float(stake[row])) for row in rows if stake[row] > 0]


def risk_charts(run: RunOverHorizon) -> list[tuple[str, Markup]]:
    """How many active customers, and how much trailing spend, by the chance of leaving; none of a few customers."""
    active = run.customers["active"].to_numpy()
    if active.sum() < FEWEST_IN_A_CHART:
        return []
    chance = chance_of_leaving(run)[active]
    spend = np.nan_to_num(run.customers["trailing_spend"].to_numpy()[active])
    currency, horizon = run.currency, days(run.plan.horizon_days)
    title = f"Their spend of the last {horizon}" + (f", {currency}" if currency else "")
    drawn = [("Active customers", _by_chance(chance, np.ones(len(chance)), "Active customers by chance of leaving"))]
    if spend.sum() > 0:
        drawn.append((title, _by_chance(chance, spend, "Trailing spend by chance of leaving")))
    return drawn


def _by_chance(chance: np.ndarray, weights: np.ndarray, title: str) -> Markup:
    values = np.histogram(chance, bins=10, range=(0, 1), weights=weights)[0]
    told = "; ".join(f"{10 * tenth} to {10 * tenth + 10} %: {count(value)}" for tenth, value in enumerate(values))
    return charts.histogram(values, charts.share_axis("chance of leaving"), short, title, f"{told}.")


def rising(run: RunOverHorizon) -> list[dict[str, Any]]:
    """The customers outside the top tier who are likeliest to enter it; none where the forecast tells nobody apart."""
    chance = run.scores["p_becomes_high_value"].to_numpy(zero_copy_only=False)
    asked = np.flatnonzero(np.isfinite(chance))
    if not len(asked) or np.ptp(chance[asked]) == 0:
        return []
    rows = asked[np.argsort(-chance[asked], kind="stable")[:RISING_SHOWN]]
    return [_row(run, int(row), float(chance[row]), 0.0) for row in rows]


def segments(run: RunOverHorizon) -> list[dict[str, Any]]:
    """Every segment that has customers, in the order of the rules; null segments come last, without a name."""
    scores, customers, currency = run.scores, run.customers, run.currency
    named = np.array([name or "" for name in scores["segment"].to_pylist()], dtype=object)
    names = [rule[0] for rule in RULES]
    found = [name for name in [*names, *sorted(set(named) - set(names))] if (named == name).any()]
    revenue = np.nan_to_num(customers["spend_365d"].to_numpy())
    purchase = scores["p_purchase"].to_numpy()
    expected, stake = np.nan_to_num(scores["expected_spend"].to_numpy()), at_stake(run)
    whole = float(revenue.sum())
    apart = {
        one.segment: tuple(reason.in_words(currency) for reason in one.reasons)
        for one in segment_reasons(customers, named.tolist())
    }
    rows = []
    for name in found:
        own = named == name
        rows.append(
            {
                "name": name or "none",
                "meaning": MEANINGS.get(name, ""),
                "customers": int(own.sum()),
                "share": float(own.mean()),
                "revenue": float(revenue[own].sum()) / whole if whole > 0 else float("nan"),
                "purchase": float(purchase[own].mean()),
                "expected": float(expected[own].sum()),
                "stake": float(stake[own].sum()),
                "apart": apart.get(name, ()),
            }
        )
    return rows


def reasons_of(found: Sequence[reason_data.Reason], currency: str) -> tuple[ReasonLine, ...]:
    """The reasons of one customer, with the way they point apart from the sentence."""
    told = told_in(currency)
    return tuple(
        ReasonLine("up" if one.way > 0 else "down", told.facts(one.facts))
        if one.way
        else ReasonLine("", told.reason(one))
        for one in found
    )


def _row(run: RunOverHorizon, row: int, chance: float, stake: float) -> dict[str, Any]:
    """The scores of a customer, some facts, the last day with an order, and what moved the chance."""
    score = {name: run.scores[name][row].as_py() for name in run.scores.column_names}
    fact = {name: run.customers[name][row].as_py() for name in FACTS}
    last = from_microseconds(run.plan.as_of, run.plan.timezone) - timedelta(days=fact["days_since_last"])
    why = reasons_of(of_column(run.customers["reasons"].slice(row, 1))[0], run.currency)
    return {**score, **fact, "chance": chance, "stake": stake, "last_order": last.date().isoformat(), "why": why}
