"""The table of scores: what batches gave, joined with what compares customers, in the declared columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import ids_are_integers
from foretell.examples.labels import top_tier

SCORES = (
    "customer_id",
    "as_of",
    "horizon_days",
    "p_purchase",
    "p_churn",
    "p_decline",
    "expected_orders",
    "expected_spend",
    "median_spend",
    "expected_spend_low",
    "expected_spend_high",
    "p_high_value",
    "p_becomes_high_value",
    "percentile_spend",
    "segment",
    "reasons",
    "model_id",
    "expected_spend_low_50",
    "expected_spend_high_50",
    "expected_spend_low_90",
    "expected_spend_high_90",
    "clv_12m",
    "clv_36m",
    "clv_extrapolated_share",
    "segment_since",
    "previous_segment",
    "next_segment",
    "next_order_date",
    "next_order_low",
    "next_order_high",
    "next_order_low_50",
    "next_order_high_50",
    "p_no_repeat",
    "overdue",
    "next_categories",
    "next_categories_new",
)
"""The columns of every project; behind them stands one `p_next_...` for each segment of the set that is shown."""

REASONS = pa.list_(pa.field("element", pa.string()))
GROWING = (
    "p_purchase",
    "expected_orders",
    "expected_spend",
    "median_spend",
    *(f"expected_spend_{end}{level}" for level in ("", "_50", "_90") for end in ("low", "high")),
)


def whole_table(parts: Sequence[pa.Table], ids_may_be_integers: bool) -> pa.Table:
    """All batches as one table by customer key, with ids as they came in, and in `tier_now` whether a customer is
    in the top tier of the trailing window."""
    table = pa.concat_tables(parts).combine_chunks()
    key = table["customer_key"].to_numpy()
    table = table.take(pa.array(np.argsort(key, kind="stable")))
    if ids_may_be_integers and ids_are_integers(table["customer_id"]):
        table = table.set_column(
            table.column_names.index("customer_id"), "customer_id", table["customer_id"].cast(pa.int64())
        )
    tier = top_tier(table["trailing_spend"].to_numpy(), table["customer_key"].to_numpy())
    return table.append_column("tier_now", pa.array(tier))


def scores_table(
    table: pa.Table, more: Mapping[str, pa.Array], as_of: int, horizon_days: int, model_id: str
) -> pa.Table:
    """The declared columns; null where a question is not asked of a customer. `more` holds the columns about segments
    and the next order, the reasons in words, and those behind the declared ones."""
    purchase = table["p_purchase"].to_numpy()
    rows = len(table)
    columns = {
        **{name: table[name] for name in SCORES if name in table.column_names and name != "reasons"},
        "reasons": pa.nulls(rows, REASONS),
        **more,
        "customer_id": table["customer_id"],
        "as_of": pa.array(np.full(rows, as_of)).cast(pa.timestamp("us", tz="UTC")),
        "horizon_days": pa.array(np.full(rows, horizon_days, dtype=np.int32)),
        "p_purchase": purchase,
        "p_churn": _where(table["active"].to_numpy(), 1 - purchase),
        "p_decline": _where(table["regular"].to_numpy(), table["p_decline"].to_numpy()),
        "p_becomes_high_value": _where(~table["tier_now"].to_numpy(), table["p_high_value"].to_numpy()),
        "percentile_spend": percentile(table["expected_spend"].to_numpy()),
        "model_id": pa.array(np.full(rows, model_id)),
    }
    behind = {name: column for name, column in more.items() if name not in SCORES}
    return pa.table({**{name: columns[name] for name in SCORES}, **behind})


def as_csv_table(scores: pa.Table) -> pa.Table:
    """The scores with lists as text, joined by ` | `."""
    for place, field in enumerate(scores.schema):
        if pa.types.is_list(field.type):
            joined = pc.binary_join(scores[field.name].combine_chunks(), " | ")
            scores = scores.set_column(place, field.name, joined)
    return scores


def percentile(values: np.ndarray) -> np.ndarray:
    """float64 0 to 100: the share of the others with less, half of those with the same.

    >>> percentile(np.array([3.0, 1.0, 2.0]))
    array([100.,   0.,  50.])
    """
    if len(values) == 1:
        return np.array([100.0])
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    return 100 * (below + (up_to - below - 1) / 2) / (len(values) - 1)


def at_least(scores: pa.Table, shorter: pa.Table | None) -> pa.Table:
    """Scores over one horizon that agree with each other, none below those of the next shorter one (None: there is
    none)."""
    return agreeing(scores if shorter is None else monotone([shorter, scores])[1])


def agreeing(scores: pa.Table) -> pa.Table:
    """The same, where nobody is in the top tier without an order, or is sure not to come again and likely to order."""
    chance = scores["p_purchase"].to_numpy()
    for name, most in (("p_high_value", chance), ("p_becomes_high_value", chance), ("p_no_repeat", 1 - chance)):
        if name in scores.column_names:
            held = pc.min_element_wise(scores[name], pa.array(most), skip_nulls=False)
            scores = scores.set_column(scores.column_names.index(name), name, held)
    return scores


def monotone(scores: Sequence[pa.Table]) -> list[pa.Table]:
    """Scores of the same customers in the same order, by ascending horizon, none below those of a shorter one."""
    found: list[pa.Table] = []
    highest: dict[str, np.ndarray] = {}
    for own_table in scores:
        table = own_table
        for name in GROWING:
            own = table[name].to_numpy()
            highest[name] = np.maximum(own, highest[name]) if name in highest else own
            table = table.set_column(table.column_names.index(name), name, pa.array(highest[name]))
        asked = table["p_churn"].is_valid().to_numpy()
        churn = pa.array(1 - highest["p_purchase"], mask=~asked)
        found.append(table.set_column(table.column_names.index("p_churn"), "p_churn", churn))
    return found


def _where(holds: np.ndarray, values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~holds | np.isnan(values))
