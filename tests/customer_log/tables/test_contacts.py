"""Contacts: what was sent is known when it is sent, what became of it when it came."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.tables.contacts import CONTACTS
from read_tables import read_table

HEADER = "customer_id,time,campaign,channel,offer,arm,cost,response\n"


def test_an_answer_is_a_fact_of_its_own_known_a_week_later(tmp_path: Path) -> None:
    rows = HEADER + "a,2024-05-01 10:00,spring,email,10%,treated,0.05,Clicked\na,2024-05-02 10:00,spring,email,,,,\n"
    found = read_table(tmp_path / "contacts.csv", CONTACTS, rows)
    assert found.told("at", "known_at", "step", "answer", "campaign", "arm", "cost") == [
        ("2024-05-01 10:00", "2024-05-01 10:00", "sent", None, "spring", "treated", 500),
        ("2024-05-01 10:00", "2024-05-08 10:00", "answered", "clicked", "spring", "treated", None),
        ("2024-05-02 10:00", "2024-05-02 10:00", "sent", None, "spring", None, None),
    ]


def test_where_the_time_of_the_answer_is_told_it_is_known_then(tmp_path: Path) -> None:
    rows = "customer_id,time,response,responded_at\n"
    rows += "a,2024-05-01 10:00,open,2024-05-03 11:00\nb,2024-05-01 10:00,open,\n"
    found = read_table(tmp_path / "contacts.csv", CONTACTS, rows)
    assert found.told("at", "known_at", "step", "answer") == [
        ("2024-05-01 10:00", "2024-05-01 10:00", "sent", None),
        ("2024-05-01 10:00", "2024-05-01 10:00", "sent", None),
        ("2024-05-03 11:00", "2024-05-03 11:00", "answered", "opened"),
    ]


def test_the_time_at_which_the_shop_learned_of_it_counts_before_the_week(tmp_path: Path) -> None:
    rows = "customer_id,time,response,known_at\na,2024-05-01 10:00,open,2024-05-02 10:00\n"
    found = read_table(tmp_path / "contacts.csv", CONTACTS, rows)
    assert {fact["known_at"] for fact in found.facts} == {"2024-05-02 10:00"}


@pytest.mark.parametrize(
    ("written", "answer"),
    [("Opened Email", "opened"), ("unsub", "unsubscribed"), ("Hard Bounce", "bounced"), ("SENT", "sent")],
)
def test_responses_are_known_however_they_are_spelled(tmp_path: Path, written: str, answer: str) -> None:
    rows = f"customer_id,time,response\na,2024-05-01 10:00,{written}\n"
    assert [fact["answer"] for fact in read_table(tmp_path / "c.csv", CONTACTS, rows).facts] == [None, answer]
