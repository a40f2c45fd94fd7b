"""What came since the last run is in the next: a complaint in the features of who complained, an outcome in what is
taught."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.planned import planned_examples, todays_examples
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import Log, brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import planned
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import days
from foretell.project.progress import Silent
from shop import made_shop, written

DECLARED = """\
[project]
name = "feedback"

[[sources]]
table = "orders"
path = "orders.csv"
columns = { customer = "customer", time = "sold_at", order = "order_no", product = "sku", amount = "amount" }

[[sources]]
table = "feedback"
path = "feedback.csv"
columns = { customer = "customer", time = "said_at", kind = "kind", score = "score", scale = "scale" }
"""
BEFORE = [
    ("C0001", "2024-03-02 10:00:00", "review", "5", "1-5"),
    ("C0002", "2024-04-02 10:00:00", "nps", "9", "0-10"),
    ("C0003", "2024-05-02 10:00:00", "complaint", "", ""),
]
AT = "2024-07-20 10:00:00"
SINCE = {
    "C0011": (AT, "complaint", "", ""),
    "C0012": (AT, "ticket", "", ""),
    "C0013": (AT, "review", "2", "1-5"),
    "C0002": (AT, "nps", "3", "0-10"),
    "C0015": (AT, "csat", "1", "1-5"),
}
MOVED = {
    "C0011": {"complaints_90d": 1.0, "days_since_complaint": 5.0 - 10 / 24},
    "C0012": {"open_tickets_90d": 1.0},
    "C0013": {"last_rating": 0.25, "complaints_90d": 1.0},
    "C0002": {"last_rating": 0.3, "rating_change": 0.3 - 0.9},
    "C0015": {"last_rating": 0.0, "complaints_90d": 1.0},
}
NEW = [(who, *said) for who, said in SINCE.items()]


def told(folder: Path, *rows: tuple[str, ...]) -> None:
    with (folder / "feedback.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("customer", "said_at", "kind", "score", "scale"), *rows])


def read(folder: Path, as_of: str) -> tuple[Log, Plan]:
    """The log as the files have it now, and the plan of a run as of a day."""
    request = request_of_declaration(folder / "foretell.toml", workers=1)
    request = replace(request, asked=replace(request.asked, as_of=as_of, horizons=(30,)))
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    return log, planned(log, Silent())[0]


def today(folder: Path, as_of: str = "2024-07-25") -> Examples:
    log, plan = read(folder, as_of)
    return todays_examples(log.engine, plan)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    written(made_shop(60), tmp_path / "orders.csv")
    told(tmp_path, *BEFORE)
    (tmp_path / "foretell.toml").write_text(DECLARED, encoding="utf-8")
    return tmp_path


def test_feedback_since_the_last_run_moves_the_features_of_who_gave_it(project: Path) -> None:
    before = today(project)
    told(project, *BEFORE, *NEW)
    after = today(project)
    for who, moved in MOVED.items():
        own = after.customer_key == keys_of([who])[0]
        assert own.sum() == 1
        for name, value in moved.items():
            assert after.feature(name)[own] == pytest.approx([value]), name
            assert before.feature(name)[own] != pytest.approx([value])
    others = ~np.isin(after.customer_key, keys_of(MOVED))
    assert np.array_equal(before.features[others], after.features[others], equal_nan=True)


def test_feedback_that_comes_after_the_cutoff_moves_nothing(project: Path) -> None:
    before = today(project, "2024-07-20")
    told(project, *BEFORE, *NEW)
    assert np.array_equal(before.features, today(project, "2024-07-20").features, equal_nan=True)


def test_what_has_ripened_since_teaches_the_next_model(project: Path) -> None:
    found = []
    for as_of in ("2024-06-25", "2024-07-25"):
        log, plan = read(project, as_of)
        rows = planned_examples(log.engine, plan, Silent()).serving
        assert rows is not None
        assert plan.serving is not None
        found.append((plan, rows.take(np.isin(rows.cutoff, plan.serving.training))))
    (first, taught), (_, later) = found
    new = later.take(later.cutoff > taught.cutoff.max())
    assert len(new), "cutoffs whose outcomes were not known at the first run"
    assert (new.cutoff + days(30) > first.as_of).all()
    assert new.labels["ordered"].sum() > 0
    assert later.cutoff.max() - taught.cutoff.max() >= days(28)
