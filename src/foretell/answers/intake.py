"""What was read of the source files, what was left out, refused and assumed."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.intake import Intake
from foretell.customer_log.recognition.rates import turned_in_all
from foretell.project.money import UNITS_PER_ONE
from foretell.words.wording import amount, count, counted, joined

REASONS_SHOWN = 6
KINDS = {
    "state": "Left out, as no sale",
    "ended": "Given back or cancelled since, so that only earlier dates count them",
}


def intake_as_json(intake: Intake) -> dict[str, object]:
    """The figures of the intake for programs: money in the currency of the source."""
    anonymous = _anonymous(intake)
    return {
        "rows": sum(load.rows_read for load in intake.loads),
        "orders": intake.orders,
        "customers": intake.customers,
        "spend": round(intake.spend, 4),
        "refunds": round(intake.refunds, 4),
        "left_out": [
            {"reason": reason, "rows": rows, "orders": orders, "spend": spend}
            for reason, rows, orders, spend in (*_left_out(intake, "state"), *_left_out(intake, "ended"))
        ],
        "rejected": [{"reason": reason, "rows": rows} for reason, rows in _reasons(intake.rejected)],
        "anonymous": {"orders": anonymous[0], "spend": anonymous[1]},
        "forgotten": of_forgotten(intake),
        "assumed": list(assumed(intake)),
        "asked": [],
        "turned": [
            {"currency": name, "orders": orders, "amount": before / UNITS_PER_ONE, "into": after / UNITS_PER_ONE}
            for name, orders, before, after in turned_in_all(intake.left_out)
        ],
    }


def assumed(intake: Intake) -> tuple[str, ...]:
    """What was assumed in reading, for people: with the figures of the whole files."""
    repeated = pc.sum(intake.left_out.filter(pc.equal(intake.left_out["kind"], "repeated"))["rows"]).as_py() or 0
    notes = (*intake.notes, *(_turned(*one) for one in turned_in_all(intake.left_out)))
    if not repeated:
        return notes
    shown = "1 row shows a line of its order" if repeated == 1 else f"{count(repeated)} rows show a line of their order"
    return (*notes, f"{shown} again, told by {intake.columns.get('line', 'its number')}, and count once")


def _turned(currency: str, orders: int, before: int, after: int) -> str:
    """What was turned into the currency of the answers, and at which rate on the whole.

    >>> _turned("USD", 412, 184_000_000, 169_280_000)
    '412 orders, 18,400\\xa0USD, are turned at .92 on the whole'
    """
    rate = f"{after / before:.3g}".removeprefix("0") if before else "the rates of their days"
    are = "is" if orders == 1 else "are"
    money = amount(before / UNITS_PER_ONE, currency)
    return f"{counted(orders, 'order')}, {money}, {are} turned at {rate}{' on the whole' if before else ''}"


def left_out_lines(intake: Intake, currency: str) -> list[str]:
    """What is no sale of a customer, in sentences with their figures."""
    lines = []
    for kind, told in KINDS.items():
        if found := _left_out(intake, kind):
            shown = [
                f"{counted(orders, 'order')} {reason or 'cancelled'}, {amount(spend, currency)}"
                for reason, _, orders, spend in found[:REASONS_SHOWN]
            ]
            more = [f"{count(len(found) - REASONS_SHOWN)} further states"] if len(found) > REASONS_SHOWN else []
            lines.append(f"{told}: {'; '.join([*shown, *more])}.")
    orders, spend = _anonymous(intake)
    if orders:
        rows = int(pc.sum(intake.left_out.filter(pc.equal(intake.left_out["kind"], "anonymous"))["rows"]).as_py())
        lines.append(
            f"Sales to nobody who is named, counted apart and not scored: {counted(orders, 'order')} on "
            f"{counted(rows, 'row')}, {amount(spend, currency)}."
        )
    if rows := (gone := of_forgotten(intake))["rows"]:
        of = f" of {counted(gone['customers'], 'forgotten customer')}" if gone["customers"] else " of the forgotten"
        lines.append(f"Left out as they asked: {counted(rows, 'row')}{of}.")
    return lines


def of_forgotten(intake: Intake) -> dict[str, int]:
    """Rows that were left out since their customer was forgotten, and how many customers that were."""
    found = intake.left_out.filter(pc.equal(intake.left_out["kind"], "forgotten"))
    people = pc.count_distinct(found["reason"].filter(pc.not_equal(found["reason"], ""))).as_py() if len(found) else 0
    return {"rows": int(pc.sum(found["rows"]).as_py() or 0), "customers": people}


def empty_of_customers(intake: Intake) -> int:
    """Rows of sales in which nothing stands where the customer should."""
    found = intake.left_out
    nothing = pc.and_(pc.equal(found["kind"], "anonymous"), pc.equal(found["reason"], ""))
    return int(pc.sum(found.filter(nothing)["rows"]).as_py() or 0)


def most_common_reasons(rejected: pa.Table) -> str:
    """The three most common reasons for which rows were refused, each with its count where there are several."""
    found = _reasons(rejected)
    if len(found) == 1:
        return found[0][0]
    return joined([f"{reason} {count(rows)}" for reason, rows in found[:3]])


def _reasons(rejected: pa.Table) -> list[tuple[str, int]]:
    counts = rejected["reason"].combine_chunks().value_counts().to_pylist()
    found = [(str(one["values"]), int(one["counts"])) for one in counts]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _left_out(intake: Intake, kind: str) -> list[tuple[str, int, int, float]]:
    """State, rows, orders and money of what is no sale, the most money first."""
    found = intake.left_out.filter(pc.equal(intake.left_out["kind"], kind))
    kinds = found.group_by("reason").aggregate([("rows", "sum"), ("order_id", "count_distinct"), ("amount", "sum")])
    rows = [
        (row["reason"], row["rows_sum"], row["order_id_count_distinct"] or row["rows_sum"], row["amount_sum"])
        for row in kinds.to_pylist()
    ]
    return [(*row[:3], row[3] / UNITS_PER_ONE) for row in sorted(rows, key=lambda row: (-row[3], row[0]))]


def _anonymous(intake: Intake) -> tuple[int, float]:
    """Orders and money of sales to nobody who is named."""
    found = intake.left_out.filter(pc.equal(intake.left_out["kind"], "anonymous"))
    named = pc.count_distinct(found["order_id"]).as_py() if len(found) else 0
    unnumbered = int(pc.sum(found.filter(found["order_id"].is_null())["rows"]).as_py() or 0)
    return named + unnumbered, float(pc.sum(found["amount"]).as_py() or 0) / UNITS_PER_ONE
