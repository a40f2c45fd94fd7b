"""The proof of a set of segments in words: what each model scored, who serves, and what intervals are worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.report.segment_proof import FORMULAS, ProofRow, proof_line, proof_notes, proof_rows, spaced
from foretell.segments.movement.proof import SEGMENT_PROOF
from foretell.segments.movement.summary import SetSummary

SETS = ["rfm", "lifecycle", "value"]


def summary_of(one: RunOverHorizon, name: str) -> SetSummary:
    found = one.segmentation.summary(name)
    assert found is not None
    return found


def test_the_proof_tells_mean_log_losses_and_every_formula(shop_main: RunOverHorizon) -> None:
    for name in SETS:
        summary = summary_of(shop_main, name)
        rows = proof_rows(shop_main, summary)
        serving = next(row for row in rows if row.role == "serves")
        losses = [
            row.value
            for row in shop_main.read(SEGMENT_PROOF)[name].measured
            if (row.objective, row.model, row.metric) == (f"next_segment: {name}", summary.served, "log_loss")
        ]
        assert len(losses) == summary.tests
        mean = float(np.mean([loss for loss in losses if loss is not None]))
        assert float(serving.log_loss) == pytest.approx(mean, abs=5e-4)
        assert f"log loss {serving.log_loss}" in proof_line(summary, rows)
        assert f"tested at {summary.tests} past cutoff" in proof_line(summary, rows)
        assert {row.formula for row in rows} <= set(FORMULAS.values())
        assert all(row.formula for row in rows)


def test_what_was_not_tested_is_said(shop_main: RunOverHorizon) -> None:
    bare = replace(summary_of(shop_main, "rfm"), tests=0, coverage=None, ageing_share=None, reason="Too short.")
    assert proof_line(bare, ()) == "Not tested: too short. Take every number as a guess."
    assert len(proof_notes(bare)) == 1


def test_notes_are_in_words(shop_main: RunOverHorizon) -> None:
    told = replace(summary_of(shop_main, "rfm"), ageing_share=0.7, coverage=0.5, fitted_on="2024-08-01")
    notes = " ".join(proof_notes(told)).replace("\xa0", " ")
    assert "70 % of the moves of the last 30 days were mere ageing: no order, time passed." in notes
    assert "50 % of the numbers came to lie in their 80 % intervals: they are too narrow" in notes
    assert "too narrow" not in " ".join(proof_notes(replace(told, coverage=0.78)))
    assert "since 2024-08-01" in notes


def row(name: str, role: str, log_loss: str = ".500") -> ProofRow:
    return ProofRow(name, "how", role, log_loss, "", ".400", ".100")


def test_the_line_names_who_serves_and_the_best_baseline(shop_main: RunOverHorizon) -> None:
    summary = replace(summary_of(shop_main, "rfm"), tests=1)
    begin = "Forecasts of segments were tested at 1 past cutoff: log loss "
    rows = (row("landing mixture", "serves", ".400"), row("stays", "baseline"), row("markov", "baseline", ".600"))
    assert proof_line(summary, rows) == f"{begin}.400; best baseline (stays) .500."
    assert proof_line(summary, (row("stays", "serves"),)) == f"{begin}.500, by a baseline, stays."


def test_best_comes_first_and_one_serves(shop_main: RunOverHorizon) -> None:
    for name in SETS:
        rows = proof_rows(shop_main, summary_of(shop_main, name))
        losses = [float(one.log_loss) for one in rows]
        assert losses == sorted(losses)
        assert [one.role for one in rows].count("serves") == 1
    assert proof_rows(shop_main, replace(summary_of(shop_main, "rfm"), segment_set="another")) == ()


def test_models_are_named_as_people_say_them() -> None:
    assert not any("_" in spaced(f"{name} serves") for name in FORMULAS)
    assert spaced("nothing to say") == "nothing to say"
