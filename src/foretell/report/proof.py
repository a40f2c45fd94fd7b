"""The part of the report that says how far to trust it: grades, and what the proof rests on."""

from __future__ import annotations

import numpy as np

from foretell.answers.model import MODEL_CARD
from foretell.answers.published import RunOverHorizon
from foretell.backtest.bootstrap import MOST_CUSTOMERS
from foretell.backtest.grade import Grade
from foretell.backtest.proof import Proof
from foretell.forecasts.orders.proving import JUDGED_DRAWS
from foretell.models.registry import MODELS
from foretell.words.wording import count, counted, days, model_name, percent, signed_percent

GRADED = ("purchase", "orders", "spend", "becomes_high_value")


def graded(proof: Proof) -> list[Grade]:
    """The grades that a reader needs first."""
    return [proof.grades[target] for target in GRADED if target in proof.grades]


def formulas(proof: Proof) -> list[tuple[str, str, bool]]:
    """Each judged model's name, formula, and whether it is a baseline; baselines first."""
    judged = {measured.model for measured in proof.measured}
    known = sorted((MODELS[name] for name in MODELS if name in judged), key=lambda model: not model.is_baseline)
    return [(model_name(model.name), model.formula, model.is_baseline) for model in known]


def evidence(run: RunOverHorizon) -> list[tuple[str, str]]:
    """What the proof rests on: cutoffs, windows, customers, training rows."""
    proof, card = run.proof, run.read(MODEL_CARD)
    told = []
    if card.test_horizon_days is not None:
        cutoffs = sorted({measured.cutoff for measured in proof.measured})
        customers = len(np.unique(np.concatenate([f.customer_key for f in proof.forecasts])))
        drawn = f"{count(min(customers, MOST_CUSTOMERS))} of {count(customers)}, drawn {JUDGED_DRAWS} times"
        apart = f"{card.disjoint_tests} of {len(cutoffs)}, of {days(card.test_horizon_days)} each"
        told = [
            ("Tested at", f"{counted(len(cutoffs), 'past cutoff')}: {', '.join(cutoffs)}"),
            ("Windows that do not overlap", apart),
            ("Customers in the bootstrap", drawn),
        ]
    if card.training_rows:
        at = counted(len(card.training_cutoffs), "cutoff")
        told.append(("Training rows", f"{count(card.training_rows)}, a row a customer at each of {at}"))
    return told


def levels(proof: Proof) -> list[str]:
    """How far totals were missed, and how often the interval of spend held what was spent; a sentence each."""
    told = []
    serving = proof.serving("spend")
    missed = [
        row.value
        for row in proof.measured
        if (row.objective, row.slice, row.metric, row.model) == ("spend", "all", "relative_bias", serving)
        and row.value is not None
    ]
    if missed:
        span = f"{signed_percent(min(missed))} to {signed_percent(max(missed))}"
        whole = "by " + (span if len(missed) > 1 else signed_percent(missed[0]))
        told.append(f"The total spend of all customers was missed {whole} at {counted(len(missed), 'past cutoff')}.")
    held, of_buyers, above = (
        proof.mean("spend", serving, metric)
        for metric in ("interval_coverage", "interval_coverage_of_buyers", "share_above_high")
    )
    if held is not None:
        told.append(
            f"The 80 % interval of spend held what {percent(held)} of all customers spent, {percent(of_buyers)} of "
            f"those who bought; {percent(above)} spent more than its upper end."
        )
    return told
