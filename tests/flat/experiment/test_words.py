"""The answer as it is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.experiments.comparison import Comparison
from foretell.flat.experiment.answer import answered
from foretell.flat.experiment.request import experiment_request
from foretell.flat.experiment.words import comparison_line, lines, shown_whole, signed, verdict

SPEND = Comparison(
    "spend", "mail", 900, 1_000, 90, 100, "difference of means, Welch", (),
    control_mean=6.0, arm_mean=6.8, effect=0.8, low=0.2, high=1.4, relative=0.133, relative_low=0.03,
    relative_high=0.25, p_value=0.009, always_low=-0.2, always_high=1.8,
)  # fmt: skip
SHARE = replace(SPEND, outcome="bought", is_share=True, effect=-0.021, low=-0.03, high=-0.012, always_low=-0.04,
                always_high=-0.002, control_mean=0.1, arm_mean=0.079)  # fmt: skip


def test_money_and_shares_have_their_own_figures() -> None:
    assert comparison_line(SPEND, "customer") == (
        "mail, spend: +0.80 a customer [+0.20, +1.40], +13 % [+3 %, +25 %]; 6.80 against 6.00 in the control"
    )
    assert "bought: −2.10 points [−3.00, −1.20]" in comparison_line(SHARE, "customer")
    assert "7.9 % against 10.0 %" in comparison_line(SHARE, "customer")
    assert "per user_id" in comparison_line(SPEND, "user_id")


def test_a_verdict_says_whether_daily_looks_are_allowed() -> None:
    assert "More than in the control, beyond chance (p = .009), if you looked once" in verdict(SPEND, False)
    assert "Less than in the control" in verdict(SHARE, False)
    assert "also if you looked every day" in verdict(SHARE, False)
    assert "anything from −0.20 to +1.40 fits" in verdict(replace(SPEND, low=-0.2), False)
    assert verdict(SPEND, True).startswith("No claim")
    assert verdict(replace(SPEND, low=None), False) == "Nothing can be said."


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.00"), (0.77, "+0.77"), (-1234.6, "−1,235"), (0.00456, "+0.0046"), (-12.345, "−12.35"), (99.999, "+100")],
)
def test_figures_have_the_digits_they_deserve(value: float, text: str) -> None:
    assert signed(value, SPEND) == text


def test_names_of_theirs_move_no_lines() -> None:
    assert shown_whole("a\x1b[2Jb\u202e c") == "a\ufffd[2Jb\ufffd c"


def test_the_whole_answer_names_no_winner_where_the_ratio_is_broken(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    arms = np.array(["none"] * 200 + ["mail"] * 300)
    spend = random.gamma(1, 10, 500) + 9 * (arms == "mail")
    spend[3] = np.nan
    pq.write_table(pa.table({"arm": arms, "spend": spend, "late": spend + 1}), tmp_path / "e.parquet")

    def told(shares: str) -> str:
        request = experiment_request(
            [tmp_path / "e.parquet"], tmp_path, "arm", "none", ["spend", "late"], shares=shares
        )
        return "\n".join(lines(answered(request)))

    fine = told("2,3")
    assert fine.startswith("mail (300) beside none (200), each customer once.")
    assert "More than in the control" in fine
    assert "300 and 199 can see differences from" in fine
    assert "Left out: 1 row, spend is empty." in fine
    assert "experiment.json:" in fine
    stopped = told("1,1")
    assert stopped.count("the claim is stopped") == 1
    assert stopped.count("No claim") == 2
    assert "More than" not in stopped
