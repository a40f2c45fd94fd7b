"""The last contact of each customer, without those that were held back."""

from __future__ import annotations

from pathlib import Path

from foretell.pipeline.actions.contacts import last_contacts
from foretell.project.intervals import parse_day
from pipeline.actions.told_log import NOW, told_log

SENT = """a,2024-02-01,win back,treated
a,2024-03-01,news,treated
b,2024-02-01,win back,control
b,2024-02-02,win back,treated
c,2024-02-01,news,Control
d,2024-07-01,news,treated
"""


def test_the_last_contact_by_a_playbook_and_by_any_is_found(tmp_path: Path) -> None:
    own, every = last_contacts(told_log(tmp_path, contacts=SENT), NOW, "win back")
    assert own == {"a": parse_day("2024-02-01", "UTC"), "b": parse_day("2024-02-02", "UTC")}
    assert every == {"a": parse_day("2024-03-01", "UTC"), "b": parse_day("2024-02-02", "UTC")}


def test_without_a_source_of_contacts_nobody_was_contacted(tmp_path: Path) -> None:
    assert last_contacts(told_log(tmp_path), NOW, "win back") == ({}, {})
