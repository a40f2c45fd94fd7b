"""Looking up one customer in the scores of the last run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from foretell.answers.published import PublishedRun
from foretell.customer_log.identities.linked_ids import linked_to
from foretell.customer_log.store import Store
from foretell.project.errors import InputError
from foretell.words.wording import amount


@dataclass(frozen=True)
class Customer:
    """One row of the scores, `values` by column, and those over other horizons."""

    values: dict[str, Any]
    currency: str
    beside: tuple[dict[str, Any], ...] = ()
    margin: float = 1.0

    def headline(self) -> str:
        """Who, as of when, how far."""
        row = self.values
        when = f"as of {row['as_of'].date()}, the next {row['horizon_days']} days"
        return f"Customer {row['customer_id']} {when}: {row['segment']}"

    def lines(self) -> list[tuple[str, str]]:
        """Name and value of every forecast that is asked of this customer."""
        row = self.values

        def money(name: str) -> str:
            return amount(row[name], self.currency)

        low, high = money("expected_spend_low"), money("expected_spend_high")
        lines = [
            ("P(order)", _percent(row["p_purchase"])),
            *((f"P(order in {one['horizon_days']} days)", _percent(one["p_purchase"])) for one in self.beside),
            ("P(leaving)", _percent(row["p_churn"])),
            ("P(spending under half)", _percent(row["p_decline"])),
            ("expected orders", f"{row['expected_orders']:.2f}"),
            ("expected spend", f"{money('expected_spend')}, 80 % between {low} and {high}"),
            ("median spend", money("median_spend")),
            ("P(top tier)", _percent(row["p_high_value"])),
            ("P(rising to the top tier)", _percent(row["p_becomes_high_value"])),
            ("spends more than", f"{row['percentile_spend']:.0f} % of customers (expected)"),
            ("lifetime value", self._lifetime_value()),
            ("segment", self._segment()),
            ("next order", self._next_order()),
            ("buys next", ", ".join(row.get("next_categories") or [])),
            ("model", row["model_id"]),
        ]
        return [(name, value) for name, value in lines if value]

    def _segment(self) -> str:
        """Since when, what before, and what next with its chance; empty in scores without them."""
        row = self.values
        if not row.get("segment_since"):
            return ""
        before = f", {row['previous_segment']} before" if row["previous_segment"] else ""
        chance = max((value for name, value in row.items() if name.startswith("p_next_")), default=None)
        ahead = f"; likeliest next {row['next_segment']}, {_percent(chance)}" if row["next_segment"] else ""
        return f"{row['segment']} since {row['segment_since'].date()}{before}{ahead}"

    def _next_order(self) -> str:
        """The day with its interval, and the chance that none comes."""
        row = self.values
        if row.get("p_no_repeat") is None:
            return ""
        none = f"{_percent(row['p_no_repeat'])} that none comes in two years"
        if row["next_order_date"] is None:
            return f"no repeat expected: {none}"
        between = f"80 % between {row['next_order_low']} and {row['next_order_high']}"
        return f"about {row['next_order_date']}, {between}; {none}"

    def _lifetime_value(self) -> str:
        row, of = self.values, "" if self.margin < 1 else " of revenue"
        one, three = (amount(row[name], self.currency) for name in ("clv_12m", "clv_36m"))
        return f"{one} in 12 months, {three} in 36{of}, {_percent(row['clv_extrapolated_share'])} of that extrapolated"


def customer_of(customer_id: str, run: PublishedRun) -> Customer:
    """The customer of that id, or of one that links make the same; InputError where the run has none."""
    rows = _rows_of(customer_id.strip(), run)
    if not rows:
        rows = next(filter(None, (_rows_of(one, run) for one in _linked_ids(customer_id, run))), [])
    if not rows:
        some = ", ".join(str(value) for value in run.main.scores["customer_id"].slice(0, 3).to_pylist())
        raise InputError("The customer is not among the scored.", found=customer_id, expected=f"an id such as {some}")
    settings = run.request.settings
    return Customer(rows[0], settings.currency, tuple(rows[1:]), settings.margin)


def _rows_of(customer_id: str, run: PublishedRun) -> list[dict[str, Any]]:
    """The scores of an id, the main horizon first."""
    rows: list[dict[str, Any]] = []
    for one in (run.main, *(one for one in run.horizons if one is not run.main)):
        scores = one.scores
        rows += scores.filter(pc.equal(pc.cast(scores["customer_id"], "string"), customer_id)).to_pylist()
    return rows


def _linked_ids(customer_id: str, run: PublishedRun) -> list[str]:
    """The other ids of the same customer, as the log has them now; none where there is no log any more."""
    try:
        return linked_to(Store.kept(run.request.place.state).as_read(), customer_id)
    except InputError:
        return []


def _percent(chance: float | None) -> str:
    return "" if chance is None else f"{chance:.1%}"
