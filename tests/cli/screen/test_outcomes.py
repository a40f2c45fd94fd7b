"""What became of forecasts, on the screen."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from foretell.answers.outcomes import Outcome
from foretell.answers.published import PublishedRun
from foretell.cli.main import main
from foretell.cli.screen.outcomes import before_the_truth, in_plain_words, outcome_lines, show_outcomes
from foretell.outcomes.estimates.estimate import Estimate, Estimates
from foretell.outcomes.grading.grade import Figure, Grade, Total
from foretell.outcomes.grading.grade_book import Restatement
from foretell.outcomes.grading.promise import TOP_TENTH
from shops.private_shop import copied_run

FIGURES = (
    Figure("purchase", "all", "auroc", 0.8, 0.7, 0.9, 2000, 0.81, 0.79, 0.83),
    Figure("purchase", "all", TOP_TENTH, 0.755, 0.7, 0.8, 200, 0.76, 0.7, 0.815),
    Figure("purchase", "all", "precision", 0.6, None, None, 2000, 0.61, 0.5, 0.7),
    Figure("purchase", "all", "recall", 0.5, None, None, 2000),
    Figure("spend", "all", "interval_coverage", 0.6, None, None, 2000, 0.8, 0.78, 0.82),
)
TOTALS = (
    Total("buyers", "all", 2000, 900, 880),
    Total("spend", "all", 2000, 11_000, 10_000),
    Total("buyers", "segment: Loyal", 300, 240, 251),
)


def graded(**more: object) -> Outcome:
    plain = {
        "customers": 2000,
        "left_out": 3,
        "orders": 990,
        "fingerprint": "f",
        "known_until": "2026-09-09",
        "currency": "GBP",
    }
    grade = Grade(**{**plain, "figures": FIGURES, "deciles": (), "totals": TOTALS, **more})  # type: ignore[arg-type]
    before = Grade(2000, 0, 978, "e", "2026-09-01", (Figure("purchase", "all", "auroc", 0.81, 0, 1, 9),), (), ())
    return Outcome("run7", "2026-06-01", 90, grade, (Restatement(before, grade),))


def test_a_grade_in_plain_words() -> None:
    one = graded()
    assert one.grade is not None
    lines = [line.replace("\xa0", " ") for line in in_plain_words(one, one.grade)]
    assert max(map(len, lines)) <= 79
    assert "    Loyal                         240 forecast,      251 came, of 300" in lines
    told = " ".join(" ".join(lines).split())
    assert "As of 2026-06-01, over 90 days, graded by the log up to 2026-09-09:" in told
    assert "Of the 200 it called most likely to order, 151 did; the tests had promised 140 to 163." in told
    assert "60 % ordered (promised 50 % to 70 %); that found 50 % of all who did." in told
    assert "900 customers were forecast to order; 880 did." in told
    assert "11,000 GBP of spend was forecast; 10,000 GBP came." in told
    assert "3 of 4 measures of all customers came out as the tests had promised, or better." in told
    assert "! How much is spent? interval coverage 60 % (promised 78 % to 82 %)" in told
    assert "AUROC restated from .810 to .800 because 12 orders became known later." in told
    assert "3 customers could not be graded: joined with another since." in told


def test_every_forecast_has_its_line() -> None:
    later = Outcome("run8", "2026-07-01", 90, ripe_from="2026-09-29")
    told = list(outcome_lines([later, Outcome("run6", "2026-06-01", 90, superseded=True), graded()]))
    assert told[1] == "run8  2026-07-01  90 days  can be graded once the log reaches 2026-09-29"
    assert told[2].endswith("a later run of that day is graded in its place")
    assert told[3].replace("\xa0", " ").split()[4:] == [".800", "+10", "%", "60", "%", "3", "of", "4"]
    assert next(outcome_lines([Outcome("run9", "2026-06-01", 30, damaged="it is not there")])).startswith("run")


def test_back_dated_ones_stand_apart() -> None:
    dated = replace(graded(), run="run5", back_dated=True, made_on="2026-11-01", known_until="2026-10-30")
    told = list(outcome_lines([graded(), dated]))
    assert told[1].startswith("run7")
    assert told[2].startswith("Back-dated: made when the log held those days already")
    assert told[3].startswith("run5")
    assert max(map(len, told)) <= 79


def test_what_is_not_ripe_is_estimated_below() -> None:
    heads = Estimate("orders", "total", 900.0, -200.0, (-180.0, -220.0), 50.0, 4, 2, 300.0, 400.0)
    waits = Outcome("run8", "2026-07-01", 90, ripe_from="2026-09-29", estimates=Estimates(30, (heads,), currency="GBP"))
    told = list(outcome_lines([waits, graded()]))
    assert max(map(len, told)) <= 79
    said = " ".join(" ".join(told).split())
    assert "As of 2026-07-01, over 90 days, ripe on 2026-09-29, estimated by its first 30 days:" in said
    assert "900 orders are forecast; 300 came by then, where 400 would be usual. It heads for 700" in said
    missing = " ".join(before_the_truth(waits, Estimates(missing="nothing was tested")))
    assert "cannot be told before: nothing was tested." in missing


def test_no_promise_says_why_and_nothing_graded_says_so() -> None:
    one = graded(figures=(Figure("purchase", "all", "auroc", 0.8, 0.7, 0.9, 2000),), totals=())
    assert one.grade is not None
    assert "  The tests had promised nothing." in list(in_plain_words(one, one.grade))
    waits = Outcome("run8", "2026-07-01", 90, ripe_from="2026-09-29")
    assert list(outcome_lines([waits]))[-1].startswith("No forecast can be graded yet")


def test_the_door(
    shop_run: PublishedRun,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path_factory.mktemp("door"))
    show_outcomes(place.out, None, as_json=True)
    (one,) = json.loads(capsys.readouterr().out)["outcomes"]
    assert one["run"] == shop_run.record.run
    assert one["ripe_from"] > one["as_of"]
    monkeypatch.setattr(sys, "argv", ["foretell", "outcomes", "--out", str(place.out), "--run", "none", "--json"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert json.loads(capsys.readouterr().out)["expected"] == f"one of {shop_run.record.run}"
