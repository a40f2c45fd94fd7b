"""The headline compares like with like: those known before the window with themselves, and newcomers apart."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from foretell.answers.headline import at_stake, figures, headline, newcomers_by_window, who_were_known
from foretell.answers.published import RunOverHorizon
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import published_run
from foretell.project.progress import Silent

BEGIN, DAYS, HORIZON = date(2024, 1, 1), 60, 10
ORDERS = [
    (f"{kind}{number}", BEGIN + timedelta(days=day))
    for kind, number, day in [
        *(("old", n, day) for n in range(12) for day in range(n % 5, DAYS, 6)),
        *(("new", n, DAYS - 1 - n % 7) for n in range(9)),
        *(("earlier", n, DAYS - 11 - n) for n in range(4)),
    ]
]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> RunOverHorizon:
    """Twelve customers who come each week, nine who came in the last window, four in the one before."""
    path = tmp_path_factory.mktemp("grown") / "orders.csv"
    rows = [f"{who},{day.isoformat()},{2 + len(who)}" for who, day in ORDERS]
    path.write_text("\n".join(["customer_id,date,amount", *rows]) + "\n")
    request = request_for_files([path], path.parent / "out", horizons=(HORIZON,), as_of="2024-03-01", workers=1)
    return published_run(request, Silent()).main


def test_those_known_before_the_window_and_newcomers_are_told_apart(grown: RunOverHorizon) -> None:
    found, last = figures(grown), BEGIN + timedelta(days=DAYS - HORIZON)
    known = {who for who, day in ORDERS if day < last}
    recent = [who for who, day in ORDERS if day >= last]
    assert found["known_then_customers"] == len(known)
    assert found["known_then_orders"] == sum(who in known for who in recent)
    assert found["newcomers"] == 9
    assert found["newcomer_orders"] == 9
    assert found["known_then_orders"] + found["newcomer_orders"] == found["trailing_orders"] == len(recent)
    assert found["known_then_spend"] + found["newcomer_spend"] == pytest.approx(found["trailing_spend"])
    assert found["at_stake"] == pytest.approx(at_stake(grown).sum(), rel=1e-4)


def test_newcomers_of_windows_before_bound_those_to_come(grown: RunOverHorizon) -> None:
    assert newcomers_by_window(grown) == [9, 4, 0, 0]
    assert (figures(grown)["newcomers_low"], figures(grown)["newcomers_high"]) == (0, 9)


def test_one_is_told_as_one() -> None:
    assert (who_were_known(1), who_were_known(2)) == ("the one who was known", "the 2 who were known")


def test_it_says_all_of_it_in_a_breath(grown: RunOverHorizon) -> None:
    said, found = headline(grown), figures(grown)
    assert said.startswith("25 customers as of 2024-03-01, the next 10 days: ")
    assert f"the 16 who were known 10 days ago placed {found['known_then_orders']:.0f} orders and spent " in said
    assert "9 new customers came beside, with 9 orders and " in said
    assert said.endswith("; 0 to 9 came in windows like it.")
    assert np.isfinite(list(found.values())).all()
