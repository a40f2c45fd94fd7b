"""A summary: what a reader wants to see first, the same for the screen, JSON, the README and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from foretell.answers.headline import at_stake, figures, headline
from foretell.answers.intake import intake_as_json
from foretell.answers.proofs.contracts import contract_answer
from foretell.answers.proofs.sources import sources_as_json, sources_line
from foretell.answers.published import RunOverHorizon
from foretell.answers.remarks import remarks
from foretell.backtest.proof import Proof
from foretell.backtest.selection import Choice
from foretell.features.registry import told_in
from foretell.health.checks import FINDINGS
from foretell.health.data.checked import DATA_CHECK
from foretell.scores.reasons import of_column
from foretell.segments.movement.summary import SegmentLine
from foretell.words.wording import amount, count, counted, days, decimal, interval, model_name, percent, shown

HEALTH_LINES = 3
PREDICTABILITY = {"purchase": ("auroc", "AUROC"), "spend": ("normalised_gini", "Gini")}


@dataclass(frozen=True)
class CustomerLine:
    """A customer on one line, every figure as text, and one reason."""

    customer: str
    segment: str
    p_purchase: str
    expected: str
    interval: str
    stake: str
    reason: str


@dataclass(frozen=True)
class RunSummary:
    """Figures and sentences about one run; `alerts` are the ids of those that it raised."""

    run: RunOverHorizon
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]
    alerts: tuple[str, ...] = ()

    def headline(self) -> str:
        """Who, as of when, how far, beside what like customers did before, and newcomers apart."""
        return headline(self.run)

    def stake_line(self) -> str:
        """What is at stake in all, and what that means."""
        stake = self._money(figures(self.run)["at_stake"])
        return f"Most at stake of {stake} in all (chance of no order x spend, last {self._horizon()})"

    def customers(self, shown_customers: int) -> list[CustomerLine]:
        """The active customers with most money at stake: chance of leaving x spend in the trailing horizon."""
        order = np.argsort(-at_stake(self.run), kind="stable")
        return [self._line(int(row)) for row in order[:shown_customers]]

    def proof_lines(self) -> list[str]:
        """How good the forecasts were on the past, next to the best baseline, a sentence a question; and what each
        table beside orders added."""
        proof = self.run.proof
        if proof.unproved:
            return [f"Not proved: {proof.unproved}."]
        return [line for line in (_proved_purchase(proof), _proved_spend(proof), sources_line(proof.sources)) if line]

    def movement_line(self) -> str:
        """The size of the first segment and of the one that changes most, today and at the end of the horizon."""
        shown_set = self.run.segmentation.summary(self.run.request.asked.segment_set)
        told = [line for line in shown_set.segments if line.expected is not None] if shown_set else []
        if not told:
            return ""
        most = max(told[1:] or told, key=lambda line: abs((line.expected or 0) - line.customers))
        parts = [_size_in_words(line) for line in dict.fromkeys([told[0], most])]
        return f"Of today's customers, in {self._horizon()}: {', '.join(parts)}; see foretell segments, migration."

    def contract_line(self) -> str:
        """How many contracts run and are expected to end; empty where the log has none."""
        told = contract_answer(self.run)
        return f"{told.headline()} {told.proved()}" if told else ""

    def alert_line(self) -> str:
        """How many alerts were raised; empty without one."""
        return f"{counted(len(self.alerts), 'new alert')}: see foretell alerts." if self.alerts else ""

    def data_line(self) -> str:
        """What the check of the data warns of, and the command that tells more; empty where it warns of nothing."""
        warned = [finding for finding in self.run.read(DATA_CHECK).findings if finding.severity != "remark"]
        if not warned:
            return ""
        kinds = list(dict.fromkeys(f"{finding.check} in {finding.table}" for finding in warned))
        more = "foretell check data" + ("" if self.run.request.is_declared else " with the same files and options")
        return f"{counted(len(warned), 'warning')} about the data ({'; '.join(kinds)}): see {more}."

    def health_lines(self) -> list[tuple[str, bool]]:
        """What the checks of data and models saw, warnings first, in at most three lines, and which are warnings."""
        found = self.run.read(FINDINGS)
        told = [(finding.seen, finding.severity == "warning") for finding in found[:HEALTH_LINES]]
        if len(found) > HEALTH_LINES:
            rest = count(len(found) - HEALTH_LINES + 1)
            told[-1] = (f"{rest} more remarks on data and models, with advice, are in the report.", False)
        return told

    def as_json(self, paths: Mapping[str, Path]) -> dict[str, object]:
        """The same for programs, with five customers as they stand in the scores."""
        run = self.run
        plan, proof, stake = run.plan, run.proof, at_stake(run)
        first = np.argsort(-stake, kind="stable")[:5]
        rows = run.scores.take(pa.array(first)).drop_columns(["as_of", "horizon_days", "model_id"]).to_pylist()
        return {
            "run": run.run.record.run,
            "as_of": plan.as_of_day(),
            "horizon_days": plan.horizon_days,
            "horizon_reason": plan.horizon_reason,
            **figures(self.run),
            "currency": run.currency,
            "intake": intake_as_json(run.intake),
            "rejected_rows": len(run.intake.rejected),
            "rows_read": sum(load.rows_read for load in run.intake.loads),
            "short_history": plan.is_short,
            "serving": dict(run.models.names),
            "model_id": run.models.model_id,
            "most_at_stake": [
                {name: _plain(value) for name, value in row.items()} | {"at_stake": float(stake[at])}
                for row, at in zip(rows, first, strict=True)
            ],
            "proof": {name: choice.reason for name, choice in proof.choices.items()} or proof.unproved,
            "grades": {name: asdict(grade) for name, grade in proof.grades.items()},
            "sources": sources_as_json(proof.sources),
            "remarks": [*self.warnings, *self.remarks],
            "segments": {one.segment_set: asdict(one) for one in run.segmentation.summaries},
            "contracts": contracts.as_json() if (contracts := contract_answer(run)) else None,
            "alerts": list(self.alerts),
            "findings": [asdict(finding) for finding in run.read(FINDINGS)],
            "data_check": run.read(DATA_CHECK).as_json(),
            "files": {name: str(path) for name, path in paths.items()},
        }

    def _line(self, row: int) -> CustomerLine:
        scores = self.run.scores
        value = {name: scores[name][row].as_py() for name in scores.column_names}
        reasons = of_column(self.run.customers["reasons"].slice(row, 1))[0]
        leaving = next((reason for reason in reasons if reason.way < 0), next(iter(reasons), None))
        return CustomerLine(
            shown(value["customer_id"]),
            value["segment"] or "",
            percent(value["p_purchase"]),
            amount(value["expected_spend"]),
            f"[{interval(value['expected_spend_low'], value['expected_spend_high']).replace(' to ', ', ')}]",
            self._money(float(at_stake(self.run)[row])),
            "" if leaving is None else told_in(self.run.currency).reason(replace(leaving, facts=leaving.facts[:1])),
        )

    def _horizon(self) -> str:
        return days(self.run.plan.horizon_days)

    def _money(self, value: float) -> str:
        return amount(value, self.run.currency)


def summarised(run: RunOverHorizon, alerts: Sequence[str] = ()) -> RunSummary:
    """The summary of a run over one horizon, with all that a reader must not miss; `alerts` are ids of those raised."""
    found = remarks(run)
    return RunSummary(
        run,
        tuple(remark.text for remark in found if not remark.is_warning),
        tuple(remark.text for remark in found if remark.is_warning),
        tuple(alerts),
    )


def _size_in_words(line: SegmentLine) -> str:
    low, high = (count(round(value or 0)) for value in (line.low, line.high))
    return f"{line.segment} {count(line.customers)} to {count(round(line.expected or 0))} [{low}, {high}]"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _proved_purchase(proof: Proof) -> str:
    line = _beside_baseline(proof, "purchase")
    choice = proof.choices.get("purchase")
    if choice is None:
        return "Not proved: there was nobody to forecast at a past cutoff."
    tests = len({f.cutoff for f in proof.forecasts})
    if not line:
        each = "the one past cutoff" if tests == 1 else f"each of {count(tests)} past cutoffs"
        ordered = f"after {each} {_who_ordered(proof, choice)} ordered"
        return f"Not proved: {ordered}, so that nothing told customers apart; {_serves(choice)}."
    at_threshold = [
        f"{name} {percent(value)}"
        for name in ("precision", "recall")
        if (value := proof.mean("purchase", choice.model, name)) is not None
    ]
    return f"Proved on {counted(tests, 'past cutoff')}: {', '.join([line, *at_threshold])}; {_serves(choice)}."


def _who_ordered(proof: Proof, choice: Choice) -> str:
    """Who ordered after the cutoffs of a proof in which all customers did the same after each."""
    ordered = {
        bool(answer)
        for forecast in proof.forecasts
        if (forecast.objective, forecast.model) == ("purchase", choice.model)
        for answer in np.unique(forecast.actual > 0)
    }
    return "everybody or nobody" if len(ordered) > 1 else "everybody" if ordered == {True} else "nobody"


def _proved_spend(proof: Proof) -> str:
    line, choice = _beside_baseline(proof, "spend"), proof.choices.get("spend")
    return f"Spend: {line}; {_serves(choice)}." if choice is not None and line else ""


def _serves(choice: Choice) -> str:
    beaten = "" if choice.model != choice.best_baseline else ", a baseline that no model beats,"
    return f"{model_name(choice.model)}{beaten} serves"


def _beside_baseline(proof: Proof, target: str) -> str:
    choice, (metric, label) = proof.choices.get(target), PREDICTABILITY[target]
    if choice is None or (ours := proof.mean(target, choice.model, metric)) is None:
        return ""
    baselines = {choice.best_baseline} - {None, choice.model}
    beside = [
        f"best baseline {model_name(name)} {decimal(theirs, 3)}"
        for name in baselines
        if (theirs := proof.mean(target, name, metric)) is not None
    ]
    return f"{label} {decimal(ours, 3)}{f' ({beside[0]})' if beside else ''}"
