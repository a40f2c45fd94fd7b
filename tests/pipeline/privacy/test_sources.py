"""What the user's own files hold of one person: lines and orders, whatever else has become of the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.pipeline.privacy.sources import asked_now, in_sources, rows_of
from foretell.project.request import Source
from shops.private_shop import EMAIL, PERSON, people


def test_every_line_of_a_person_is_found_with_the_orders_on_them(tmp_path: Path) -> None:
    request = people(tmp_path)
    themselves = Forgotten.looked_for([PERSON, EMAIL])
    found = in_sources(request, themselves)
    assert found.rows == {"orders.csv": 30, "profiles.csv": 3, "events.csv": 2}
    assert set(found.lines["events.csv"]) == {2, 3}
    assert {"Z1", "Z28", "Z900", "Z901"} <= set(found.orders)
    assert not any(order.startswith("B") for order in found.orders)
    (tmp_path / "events.csv").unlink()
    (tmp_path / "profiles.csv").write_text("other,columns\n1,2\n", encoding="utf-8")
    assert {found.table for found in rows_of(request, themselves)} == {"orders"}
    assert found.unread == ()
    rates = Source((tmp_path / "rates.csv",), table="rates")
    request = replace(request, sources=(*request.sources, rates))
    assert in_sources(request, themselves).unread == ("events.csv", "profiles.csv"), "rates name nobody"


def test_what_is_asked_now_is_what_is_declared_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert asked_now(None) is None
    people(tmp_path)
    declared = asked_now(None)
    assert declared is not None
    assert [one.table for one in declared.sources] == ["orders", "profiles", "events"]
    assert asked_now(tmp_path / "elsewhere") is None
