"""Alerts in words."""

from __future__ import annotations

from dataclasses import replace

from foretell.alerts.alert import Alert, Driver
from foretell.alerts.control_limits import Signal
from foretell.alerts.proof import RuleProof
from foretell.alerts.raising import RuleStanding
from foretell.alerts.words import headline, lines, proof_line, rule_line
from made_run import part

PROOF = RuleProof("", (1, 2), 9, 8, 4, 0.5, 0.3, 0.7, 0.2, 0.4, (30.0, 10.0, 50.0), "", 1.5)
ALERT = Alert(
    "3f2a", "leaving", "p_churn > 60 %", "2024-06-03", 30, tuple("abcdefg"), 1234.0, "GBP", "2024-05-20",
    (Driver(-1, "orders", 0.9, 0.1),), PROOF,
)  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_an_alert_in_words() -> None:
    assert plain(headline(ALERT)) == "leaving: 7 customers, 1,234 GBP expected in the next 30 days"
    assert [plain(line) for line in lines(ALERT)] == [
        "as of 2024-06-03, held since 2024-05-20: p_churn > 60 %",
        "most expected of: a, b, c, d, e and 2 more",
        "in common: less likely because of when, how often and for how much they order (90 %, others 10 %)",
        "tested at 2 past cutoffs: 4 of 8 warned of left (50 %, 90 % interval 30 % to 70 %; 20 % of all did); "
        "40 % of those who left were warned of; 1.5 a week were false; "
        "30 days before they counted as lost (half within 10 to 50)",
    ]


def test_a_series_in_words() -> None:
    signal = Signal("orders", 80.0, 100.0, 140.0, -3.0)
    alone = replace(ALERT, customers=(), drivers=(), signal=signal, proof=RuleProof("control limits"))
    assert plain(headline(alone)) == "leaving: orders is down at 80, usual is 100 to 140"
    assert lines(alone)[-1] == "control limits"
    assert "orders is down" in lines(replace(alone, customers=("a",)))[1]


def test_what_could_not_be_computed_is_not_told() -> None:
    told = plain(proof_line(replace(PROOF, lead_days=None), "high_value"))
    assert "lost" not in told
    assert "were in the top tier (50 %" in told
    assert proof_line(RuleProof("nobody met it")) == "nobody met it"


def test_how_a_rule_stands() -> None:
    rule = part(when="p_churn > 60 %")
    assert rule_line(RuleStanding(rule, PROOF, holding=3)) == "leaving: on, holds of 3 customers"
    assert rule_line(RuleStanding(rule, PROOF, "never tested")) == "leaving: off, never tested"
    quiet = RuleStanding(part(spike="orders"), PROOF, held_back="silent until 2027-01-01")
    assert rule_line(quiet) == "leaving: on, watches orders; silent until 2027-01-01"
