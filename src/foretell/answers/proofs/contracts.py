"""What a run says of contracts: how many run, how many are expected to end, and what such forecasts were worth."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from foretell.answers.proofs.other_proofs import ProofTable
from foretell.answers.published import RunOverHorizon
from foretell.forecasts.contracts.hazard import OURS
from foretell.forecasts.contracts.past_forecasts import AT_RENEWAL, CONTENDERS, IN_HORIZON, METRICS, REVENUE
from foretell.forecasts.contracts.proof import CONTRACT_PROOF, CONTRACTS, ContractProof, ContractsToday
from foretell.words.wording import amount, count, counted, days, decimal, expected, model_name, signed_percent

QUESTIONS = {
    IN_HORIZON: "Which contracts end in the horizon?",
    AT_RENEWAL: "Which contracts end at the next renewal?",
    REVENUE: "What do contracts pay in the horizon?",
}
METRIC_NAMES = {
    "log_loss": "log loss",
    "brier": "Brier",
    "auroc": "AUROC",
    "relative_bias": "total off by",
    "mae": "mean error",
}


@dataclass(frozen=True)
class ContractAnswer:
    """The contracts of a run over one horizon, with their proof."""

    today: ContractsToday
    proof: ContractProof
    horizon_days: int
    currency: str

    @property
    def running(self) -> int:
        """How many run today."""
        return sum(plan.running for plan in self.today.plans)

    def headline(self) -> str:
        """How many run, end and pay, in one or two sentences."""
        if self.today.cannot:
            return f"{counted(self.running, 'contract')} run; when they end is not forecast: {self.today.cannot}."
        ends, fails, revenue = (
            [value for plan in self.today.plans if (value := getattr(plan, name)) is not None]
            for name in ("expected_ends", "expected_failures", "expected_revenue")
        )
        failing = f", {expected(sum(fails))} of them as a payment fails" if fails else ""
        paid = f"; renewals are expected to bring {amount(sum(revenue), self.currency)}" if revenue else ""
        one = "runs" if self.running == 1 else "run"
        return (
            f"{counted(self.running, 'contract')} {one}: {expected(sum(ends))} are expected to end in "
            f"{days(self.horizon_days)}{failing}{paid}."
        )

    def proved(self) -> str:
        """Who serves, on how many contracts it was tested, and against what."""
        row = self.proof.figure(IN_HORIZON, self.proof.serving, "log_loss")
        if row is None:
            return f"Not proved: {self.proof.reason}."
        tests = counted(len(self.proof.days), "past cutoff")
        shorter = f" over {days(self.proof.horizon_days)}" if self.proof.horizon_days != self.horizon_days else ""
        cases = f"{counted(row.contracts, 'forecast')} of contracts, {count(row.positives)} of which ended"
        return f"Proved{shorter} on {tests} ({cases}): {self.proof.reason}."

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "running": self.running,
            "cannot": self.today.cannot,
            "serving": self.proof.serving,
            "reason": self.proof.reason,
            "plans": [asdict(plan) for plan in self.today.plans],
            "retention": [asdict(one) for one in self.today.retention],
            "tests": list(self.proof.days),
            "proof": [asdict(row) for row in self.proof.measured],
        }


def contract_answer(run: RunOverHorizon) -> ContractAnswer | None:
    """The contracts of a run; None where no source has any."""
    proof = run.read(CONTRACT_PROOF)
    if not proof.serving:
        return None
    return ContractAnswer(run.read(CONTRACTS), proof, run.plan.horizon_days, run.currency)


def contract_tables(answer: ContractAnswer) -> list[ProofTable]:
    """A table a question with a row a contender; nothing where nothing was tested."""
    tables = []
    for question, metrics in METRICS.items():
        rows = [
            (model_name(name), *(_figure(answer.proof, question, name, metric) for metric in metrics))
            for name in CONTENDERS
            if answer.proof.figure(question, name, metrics[0])
        ]
        columns = ("", *(METRIC_NAMES[metric] for metric in metrics))
        tables.append(ProofTable(QUESTIONS[question], _basis(answer, question), columns, tuple(rows)))
    return [table for table in tables if table.rows]


def _basis(answer: ContractAnswer, question: str) -> str:
    """On how many contracts a question was tested; at the first also who serves."""
    row = answer.proof.figure(question, OURS, METRICS[question][0])
    if question == IN_HORIZON or row is None:
        return answer.proved()
    came = "paid at a renewal" if question == REVENUE else "ended"
    forecasts = counted(row.contracts, "forecast")
    return f"At the same past cutoffs, {forecasts} of contracts, {count(row.positives)} of which {came}."


def _figure(proof: ContractProof, question: str, contender: str, metric: str) -> str:
    row = proof.figure(question, contender, metric)
    value = None if row is None else row.figure.value
    return signed_percent(value) if metric == "relative_bias" else amount(value) if metric == "mae" else decimal(value)
