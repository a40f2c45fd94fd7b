"""The files of a campaign say what the ledger says, and no cell of them is a formula."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa

from foretell.actions.assignments import ASSIGNED
from foretell.actions.campaign_files import (
    Contents,
    assignments_table,
    contacts_table,
    folder_of,
    rows_forgotten,
    written,
)
from foretell.project.parts.actions import OfferPart

MAIL = OfferPart(name="voucher", channel="email", cost=0.5, takes_off="10 %", content="=cmd|10 % off", valid_days=14)
MOMENT = 1_704_063_600_000_000  # 2023-12-31 23:00 UTC, which is New Year's Day in Berlin
ROWS = [
    ("=1+1", "treated", "voucher", "email", 0.5),
    ("bob", "control", "", "", 0.0),
    ("cy", "treated", "voucher", "email", 0.5),
    ("-17", "treated", "voucher", "email", 0.5),
]
ASSIGNMENTS = pa.Table.from_pylist(
    [
        {
            "customer_id": who, "assigned_at": MOMENT, "playbook": "win back", "campaign": "win back 1", "arm": arm,
            "offer": offer, "channel": channel, "cost": cost, "stratum": "all", "propensity": 0.75,
        }
        for who, arm, offer, channel, cost in ROWS
    ],
    schema=ASSIGNED,
)  # fmt: skip


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_everybody_is_in_the_assignments_and_the_treated_in_the_contacts(tmp_path: Path) -> None:
    files = written(tmp_path / "new", ASSIGNMENTS, (MAIL,), Contents({"cy": "tea, soap"}, timezone="Europe/Berlin"))
    with files["assignments.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ASSIGNED.names
    assert [(row["customer_id"], row["arm"]) for row in rows] == [
        ("'=1+1", "treated"),
        ("bob", "control"),
        ("cy", "treated"),
        ("-17", "treated"),
    ]
    assert {row["assigned_at"] for row in rows} == {"2023-12-31T23:00:00+00:00"}
    with files["contacts.csv"].open(encoding="utf-8", newline="") as file:
        contacts = list(csv.DictReader(file))
    assert [(row["customer_id"], row["content"]) for row in contacts] == [
        ("'=1+1", "'=cmd|10 % off"),
        ("cy", "tea, soap"),
        ("-17", "'=cmd|10 % off"),
    ]
    assert {(row["takes_off"], row["valid_until"]) for row in contacts} == {("10 %", "2024-01-15")}
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["assignments.csv", "contacts.csv"]


def test_whoever_dropped_out_is_not_contacted_and_stays_assigned() -> None:
    contents = Contents({}, dropped=frozenset({"cy"}))
    assert "cy" not in contacts_table(ASSIGNMENTS, (MAIL,), contents)["customer_id"].to_pylist()
    assert "cy" in assignments_table(ASSIGNMENTS)["customer_id"].to_pylist()


def test_a_playbook_without_an_offer_names_those_to_contact() -> None:
    bare = ASSIGNMENTS.set_column(5, "offer", pa.array([""] * 4))
    contacts = contacts_table(bare, (), Contents({}))
    assert (len(contacts), set(contacts["valid_until"].to_pylist())) == (3, {""})
    assert len(contacts_table(ASSIGNED.empty_table(), (), Contents({}))) == 0


def test_a_folder_has_a_plain_name() -> None:
    assert folder_of(Path("out"), "Win back: A/B 1") == Path("out/campaigns/win-back-a-b-1")
    assert folder_of(Path("out"), "../../etc 1") == Path("out/campaigns/etc-1")


def test_somebody_forgotten_leaves_the_files_and_nobody_else_does(tmp_path: Path) -> None:
    files = written(tmp_path / "campaigns" / "one", ASSIGNMENTS, (MAIL,), Contents({}))
    (tmp_path / "campaigns" / "one" / ".contacts.csv.1.part").write_text("cy", encoding="utf-8")
    before = {name: cells(path) for name, path in files.items()}
    gone = ("cy", "=1+1")
    assert rows_forgotten(tmp_path, lambda ids: np.isin(np.array(ids.to_pylist(), dtype=object), gone)) == 4
    for name, path in files.items():
        assert cells(path) == [row for row in before[name] if row[0] not in ("cy", "'=1+1")]
    assert len(list((tmp_path / "campaigns" / "one").iterdir())) == 2


def test_whoever_is_left_alone_is_told_by_another_file(tmp_path: Path) -> None:
    assert set(written(tmp_path, ASSIGNMENTS, (), Contents({}, is_rest=True))) == {"assignments.csv", "leave_out.csv"}
