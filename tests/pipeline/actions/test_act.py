"""Acting on a run: nothing without approval, once a run, with the ledger before the files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from foretell.actions.assignments import Assignments
from foretell.answers.published import PublishedRun
from foretell.pipeline.actions.act import acted_on, done, prepared
from foretell.project.errors import InputError
from foretell.project.place import Place
from receivers import WebReceiver, serving
from shops.acting_shop import acting_shop

AT = "2024-09-10"
HOOK = """
[[deliveries]]
kind = "webhook"
name = "crm"
url = "http://127.0.0.1:PORT/hook"
secret_env = "CRM_SECRET"
allow_private = true

[actions]
global_holdout = "20 %"
"""


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path)


def test_what_would_be_done_is_told_and_nothing_is_written(place: Place) -> None:
    ready = prepared(place, "win back", AT)
    reached = int(ready.asked.candidates.may_be_reached.sum())
    assert (len(ready.drawn.assigned), ready.drawn.is_new) == (reached, True)
    assert ready.drawn.control == round(reached / 2) or ready.drawn.treated == round(reached / 2)
    assert ready.ripe_on == "2024-10-10"
    assert not Assignments(place.state).path.exists()
    assert not place.out.exists()


def test_an_act_is_in_the_ledger_and_in_its_files_and_is_done_once(place: Place) -> None:
    ready = prepared(place, "win back", AT)
    found = acted_on(place, "win back", "Ann Example", AT)
    assert found.acted.drawn.assigned.equals(ready.drawn.assigned)
    ledger = Assignments(place.state)
    (own,) = ledger.acts("win back 1")
    assert (own.approved_by, own.run) == ("Ann Example", ready.run.record.run)
    with found.acted.files["assignments.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["customer_id"] for row in rows] == ready.drawn.assigned["customer_id"].to_pylist()
    assert {row["assigned_at"] for row in rows} == {"2024-09-10T00:00:00+00:00"}
    for path in found.acted.files.values():
        path.unlink()
    again = acted_on(place, "win back", "Bob", "2024-09-12")
    assert (again.acted.drawn.is_new, len(ledger.campaigns()), len(ledger.acts("win back 1"))) == (False, 1, 1)
    with again.acted.files["assignments.csv"].open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == rows


def test_what_a_stopped_act_left_is_finished_by_the_next_one(place: Place) -> None:
    files = acted_on(place, "win back", "Ann", AT).acted.files
    kept = {name: path.read_bytes() for name, path in files.items()}
    files["contacts.csv"].unlink()
    text = (place.state.parent / "foretell.toml").read_text(encoding="utf-8")
    more = text[text.index("[[playbooks]]") :].replace('"win back"', '"again"').replace("90 %", "95 %")
    (place.state.parent / "foretell.toml").write_text(text + more.replace("letter", "letter"), encoding="utf-8")
    with pytest.raises(InputError, match="nobody to contact"):
        acted_on(place, "again", "Ann", AT)
    assert {name: path.read_bytes() for name, path in files.items()} == kept


def test_a_ledger_that_is_lost_is_told_before_anybody_approves(place: Place) -> None:
    acted_on(place, "win back", "Ann", AT)
    assert not any("no ledger" in one for one in prepared(place, "win back", AT).warnings)
    Assignments(place.state).path.unlink()
    assert any("no ledger" in one for one in prepared(place, "win back", AT).warnings)


def test_a_delivery_that_is_not_declared_is_refused(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path, 'deliver = ["webhook:crm"]\n')
    with pytest.raises(InputError, match="not declared"):
        prepared(place, "win back", AT)


def test_a_delivery_is_told_once(shop_run: PublishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = WebReceiver()
    with serving(receiver) as port:
        monkeypatch.setenv("CRM_SECRET", "whsec_" + "A" * 40)
        more = 'deliver = ["webhook:crm"]\n' + HOOK.replace("PORT", str(port))
        place = acting_shop(shop_run, tmp_path, more)
        first = acted_on(place, "win back", "Ann", AT)
        again = done(prepared(place, "win back", AT), "Ann")
    assert [one.outcome for one in (*first.sent, *again.sent)] == ["delivered", "delivered"]
    assert len(receiver.requests) == 1
    assert dict(first.prepared.asked.candidates.left_out())["global holdout"] > 5


def test_whom_a_campaign_contacts_goes_to_a_push_that_the_playbook_names(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    more = 'deliver = ["list"]\n[[pushes]]\nname = "list"\nkind = "csv"\nfields = { offer = "offer" }\n'
    place = acting_shop(shop_run, tmp_path, more)
    found = acted_on(place, "win back", "Ann", AT)
    again = done(prepared(place, "win back", AT), "Ann")
    told = [(one.channel, one.outcome, one.told) for one in (*found.sent, *again.sent)]
    assert told == [("push:list", "delivered", f"{found.acted.drawn.treated} people")] * 2
    assert Assignments(place.state).told("win back 1") == {"sent": found.acted.drawn.treated}
