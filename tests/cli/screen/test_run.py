"""What the screen shows after a run: short, narrow, plain where nobody looks, and what the scores say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from changed_runs import changed
from foretell.answers.headline import at_stake
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.answers.summary import summarised
from foretell.cli.screen.run import answered, show_scores
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.scores.customers import SCORES
from kept import copied

PATHS = {name: Path("foretell-results") / name for name in ("report.html", "scores.parquet")}
COLUMNS = "customer=customer,time=sold_at,amount=amount"


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty customers over 80 days, one row without a customer, one without a date."""
    random = np.random.default_rng(5)
    lines = ["customer,sold_at,amount", ",2024-01-05 10:00:00,3.00", "C000,soon,3.00"]
    for number in range(40):
        for day in np.cumsum(random.exponential(12, 6)):
            if day < 80:
                moment = datetime(2024, 1, 1) + timedelta(days=float(day))
                lines.append(f"C{number:03d},{moment:%Y-%m-%d %H:%M:%S},{random.gamma(2, 40):.2f}")
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def found(orders: Path) -> RunOverHorizon:
    columns = {"customer": "customer", "time": "sold_at", "amount": "amount"}
    request = request_for_files(
        [orders], orders.parent / "out", columns=columns, horizons=(30,), as_of="2024-03-20", currency="GBP"
    )
    return run(request, Silent()).run.main


def test_the_answer_fits_a_small_screen(found: RunOverHorizon) -> None:
    summary = summarised(found)
    lines = answered(summary, PATHS).plain.splitlines()
    health = [line for seen, _ in summary.health_lines() for line in textwrap.wrap(seen, 79)]
    second_lines = [line for line in lines if line.startswith(12 * " ")]
    assert len(second_lines) <= 5
    assert len(lines) <= 28 + len(health) + len(second_lines)
    assert len(summary.health_lines()) <= 3
    assert max(map(len, lines)) <= 79
    assert not any(line != line.rstrip() for line in lines)
    assert "\xa0" not in "".join(lines)


def test_it_shows_five_customers_with_most_at_stake(found: RunOverHorizon) -> None:
    text = answered(summarised(found), PATHS).plain
    order = np.argsort(-at_stake(found), kind="stable")
    names = [found.scores["customer_id"][int(row)].as_py() for row in order[:6]]
    places = [text.find(f"\n{name} ") for name in names]
    assert places[:5] == sorted(places[:5])
    assert min(places[:5]) > 0
    assert places[5] == -1


def test_it_says_how_good_against_what_and_what_was_left_out(found: RunOverHorizon) -> None:
    text = " ".join(answered(summarised(found), PATHS).plain.split())
    cutoffs = len({measured.cutoff for measured in found.proof.measured})
    assert re.search(rf"Proved on {cutoffs} past cutoffs?: AUROC 0?\.\d\d\d", text)
    assert "baseline" in text
    assert f"1 of {sum(load.rows_read for load in found.intake.loads)} rows could not be used (not a date)" in text
    assert "Sales to nobody who is named, counted apart and not scored: 1 order on 1 row, 3.00 GBP." in text
    assert "Report: foretell-results/report.html" in text


@pytest.mark.parametrize("customer", ["x" * 300, "[bold red]", "a b", "名前"])
def test_a_strange_id_breaks_no_line(found: RunOverHorizon, customer: str) -> None:
    scores = found.scores
    ids = pa.array([customer] * len(scores))
    strange = changed(found, {SCORES.name: scores.set_column(0, "customer_id", ids)})
    text = answered(summarised(strange), PATHS).plain
    assert max(map(len, text.splitlines())) <= 79, [line for line in text.splitlines() if len(line) > 79]
    assert customer[:10] in text


def test_where_nobody_looks_it_is_plain(orders: Path, found: RunOverHorizon) -> None:
    words = ["run", str(orders), "--columns", COLUMNS, "--horizon", "30d", "--as-of", "2024-03-20", "--currency", "GBP"]
    words += ["--out", str(found.request.place.out)]
    command = [sys.executable, "-m", "foretell", *words]
    plain = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "\x1b" not in plain
    assert plain.splitlines()[:12] == answered(summarised(found), PATHS).plain.splitlines()[:12]


def test_json_is_complete(found: RunOverHorizon) -> None:
    told = json.loads(json.dumps(summarised(found).as_json(PATHS)))
    scores = found.scores
    assert told["files"] == {name: str(path) for name, path in PATHS.items()}
    assert told["customers"] == len(scores)
    assert told["expected_spend"] == pytest.approx(scores["expected_spend"].to_numpy().sum())
    assert [row["customer_id"] for row in told["most_at_stake"]] == [
        scores["customer_id"][int(row)].as_py() for row in np.argsort(-at_stake(found), kind="stable")[:5]
    ]
    assert told["grades"]["purchase"]["model"] == told["serving"]["purchase"]


def test_it_says_how_many_as_of_when_and_where(
    shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, day = copied(shop_run, tmp_path / "out").place.out, shop_run.main.plan.as_of_day()
    show_scores(day, out, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        f"120 customers scored as of {day}, the next 30 days",
        f"Scores: {out / 'scores.parquet'}",
    ]
    assert pq.read_table(out / "scores.parquet").equals(pq.read_table(shop_run.request.place.out / "scores.parquet"))


def test_an_error_prints_nothing_and_writes_nothing(
    shop_run: PublishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = copied(shop_run, tmp_path / "out").place.out
    with pytest.raises(InputError, match="know what happened after that day"):
        show_scores("2024-08-01", out, as_json=True)
    assert capsys.readouterr().out == ""
    assert not (out / "scores.parquet").exists()
