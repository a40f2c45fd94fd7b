"""A summary: what a reader wants to see first, the same for the screen, JSON and the README."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from foretell.project.money import spoken
from foretell.workflow.plan import Plan
from foretell.workflow.run import Outcome

Justify = Literal["left", "right"]


@dataclass(frozen=True)
class Summary:
    """Figures and sentences about one outcome."""

    outcome: Outcome
    remarks: tuple[str, ...]

    columns: tuple[tuple[str, Justify], ...] = (
        ("customer", "left"),
        ("segment", "left"),
        ("P(order)", "right"),
        ("expected spend, 80 % interval", "right"),
        ("at stake", "right"),
        ("why", "left"),
    )

    def headline(self) -> str:
        """One sentence: who, as of when, how far."""
        plan, scores = self.outcome.plan, self.outcome.scores
        expected = float(np.sum(scores["expected_spend"].to_numpy()))
        orders = float(np.sum(scores["expected_orders"].to_numpy()))
        return (
            f"{len(scores):,} customers as of {plan.as_of_day()}, the next {plan.horizon_days} days "
            f"({plan.horizon_reason}): {orders:,.0f} orders, {self._money(expected)} expected"
        )

    def customers(self, count: int) -> list[tuple[str, ...]]:
        """The active customers with most money at stake: chance of leaving x what they spent in the horizon's length."""
        rows = self._most_at_stake(count)
        return [self._row(int(row)) for row in rows]

    def proof_lines(self) -> list[str]:
        """How good the forecasts were in the past, next to the best baseline."""
        proof = self.outcome.proof
        if proof.unproved:
            return [f"Not proved: {proof.unproved}."]
        return [f"Proof: {proof.choices[name].reason}" for name in ("purchase", "spend") if name in proof.choices]

    def as_json(self, paths: Mapping[str, Path]) -> dict[str, object]:
        """The same for programs."""
        plan, proof = self.outcome.plan, self.outcome.proof
        return {
            "as_of": plan.as_of_day(),
            "horizon_days": plan.horizon_days,
            "horizon_reason": plan.horizon_reason,
            "customers": len(self.outcome.scores),
            "rejected_rows": len(self.outcome.rejected),
            "rows_read": sum(load.rows_read for load in self.outcome.ingested.loads),
            "short_history": plan.is_short,
            "serving": dict(self.outcome.serving.names),
            "model_id": self.outcome.serving.model_id,
            "proof": {name: choice.reason for name, choice in proof.choices.items()} or proof.unproved,
            "remarks": list(self.remarks),
            "files": {name: str(path) for name, path in paths.items()},
        }

    def at_stake(self) -> np.ndarray:
        """float64: chance of leaving x spend in the trailing horizon, 0 for customers who are not active."""
        leaving = np.nan_to_num(self.outcome.scores["p_churn"].to_numpy())
        return np.asarray(leaving * self.outcome.customers["trailing_spend"].to_numpy())

    def _most_at_stake(self, count: int) -> np.ndarray:
        return np.argsort(-self.at_stake(), kind="stable")[:count]

    def _row(self, row: int) -> tuple[str, ...]:
        scores = self.outcome.scores
        value = {name: scores[name][row].as_py() for name in scores.column_names}
        interval = f"{self._money(value['expected_spend'])}  [{value['expected_spend_low']:,.0f}, {value['expected_spend_high']:,.0f}]"
        why = value["reasons"][0] if value["reasons"] else ""
        return (
            str(value["customer_id"]),
            value["segment"],
            f"{value['p_purchase']:.0%}",
            interval,
            self._money(float(self.at_stake()[row])),
            why,
        )

    def _money(self, amount: float) -> str:
        return spoken(amount, self.outcome.request.currency)


def summarised(outcome: Outcome) -> Summary:
    """The summary of an outcome, with everything that a reader must not miss."""
    loads = outcome.ingested.loads
    remarks = []
    if refused := sum(load.rejected for load in loads):
        read = sum(load.rows_read for load in loads)
        remarks.append(
            f"{refused:,} of {read:,} rows could not be used: {_most_common(outcome.rejected)}; all are in rejected.parquet"
        )
    remarks += outcome.ingested.notes
    if outcome.plan.survey.refund_only:
        remarks.append(f"{outcome.plan.survey.refund_only:,} customers have refunds only and are not scored")
    remarks += _short(outcome.plan)
    return Summary(outcome, tuple(remarks))


def _most_common(rejected: pa.Table) -> str:
    counts = rejected["reason"].combine_chunks().value_counts().to_pylist()
    counts.sort(key=lambda found: (-found["counts"], found["values"]))
    return ", ".join(f"{found['values']} ({found['counts']:,})" for found in counts[:3])


def _short(plan: Plan) -> list[str]:
    lines = []
    if plan.serving is None:
        lines.append("SHORT HISTORY: nothing could be learned yet; every customer gets the overall chance")
    elif plan.serving.shortened_from:
        lines.append(
            f"SHORT HISTORY: learned on {plan.serving.horizon_days} days and stretched to {plan.horizon_days}; "
            "take levels as rough"
        )
    if plan.proving is not None and plan.proving.shortened_from:
        lines.append(
            f"SHORT HISTORY: the backtest covers {plan.proving.horizon_days} days, the log is too short to prove "
            f"{plan.horizon_days}"
        )
    return lines
