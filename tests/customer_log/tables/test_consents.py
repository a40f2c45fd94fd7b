"""Consents: a state is granted or denied, however a system writes it."""

from __future__ import annotations

from pathlib import Path

from foretell.customer_log.tables.consents import CONSENTS
from read_tables import read_table


def test_states_are_granted_or_denied_or_not_known(tmp_path: Path) -> None:
    rows = "customer_id,time,channel,purpose,state\n" + "".join(
        f"a,2024-05-0{day} 10:00,email,marketing,{state}\n"
        for day, state in enumerate(("Opted-in", "no", "UNSUBSCRIBED", "perhaps"), 1)
    )
    found = read_table(tmp_path / "consents.csv", CONSENTS, rows)
    assert found.told("standing") == [("granted",), ("denied",), ("denied",), (None,)]
    assert found.told("channel", "purpose", "state")[0] == ("email", "marketing", "Opted-in")


def test_an_export_without_times_says_what_is_today(tmp_path: Path) -> None:
    rows = "customer_id,state\na,yes\n"
    assert read_table(tmp_path / "consents.csv", CONSENTS, rows).told("at", "standing") == [
        ("2026-01-01 00:00", "granted")
    ]
