"""The overview of alerts: the declared rules asked of the last run, what is kept of them, and who is silent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.pipeline.alert_overview import acknowledge, alert_overview, silence
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.place import Place
from kept import copied

DECLARED = """
[project]
name = "shop"

[[sources]]
path = "orders.csv"
columns = { customer = "customer", time = "sold_at", amount = "amount" }

[[alerts]]
name = "leaving"
when = "p_churn > 50 % and expected_spend > 1"
"""


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """The run, beside a declaration with one rule."""
    out = copied(shop_run, tmp_path / "out").place.out
    state = tmp_path / ".foretell"
    (out / ".foretell").rename(state)
    (tmp_path / FILE_NAME).write_text(DECLARED)
    return Place(out, state)


def test_what_is_raised_is_new_once_and_kept_when_it_was_seen(place: Place) -> None:
    first = alert_overview(place)
    (rule,) = first.raising.rules
    assert rule.part.name == "leaving"
    assert first.raised
    assert first.new == {one.alert.id for one in first.raised}
    told = json.loads(json.dumps(first.as_json()))
    assert told["rules"][0]["on"] == (told["rules"][0]["why_off"] == "")
    assert all(one["new"] and one["acknowledged_at"] is None for one in told["alerts"])
    seen = acknowledge(f" {first.raised[0].alert.id} ", place)
    again = alert_overview(place, with_acknowledged=True)
    assert again.new == frozenset()
    assert [one.alert.id for one in again.raised] == [one.alert.id for one in first.raised]
    moments = {one["id"]: one["acknowledged_at"] for one in again.as_json()["alerts"]}
    assert [name for name, moment in moments.items() if moment is not None] == [seen.id]
    with pytest.raises(InputError):
        acknowledge("nobody", place)


def test_a_silent_rule_raises_nothing(place: Place) -> None:
    assert silence("leaving", "2100-01-31", place) == "2100-01-31"
    found = alert_overview(place)
    assert found.silences == {"leaving": "2100-01-31"}
    assert (found.raised, found.new) == ((), frozenset())


def test_a_rule_or_a_day_that_is_none_is_refused(place: Place, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such alert") as caught:
        silence("rising", "2100-01-31", place)
    assert (caught.value.found, caught.value.expected) == ("rising", "one of: leaving")
    with pytest.raises(InputError) as caught:
        silence("leaving", "soon", place)
    assert (caught.value.hint or "").startswith("--until 2")
    (tmp_path / FILE_NAME).write_text(DECLARED.partition("[[alerts]]")[0])
    with pytest.raises(InputError) as caught:
        silence("leaving", "2100-01-31", place)
    assert caught.value.expected == "[[alerts]]"


def test_without_a_run_there_is_nothing_to_ask(tmp_path: Path) -> None:
    nowhere = Place.of_results(tmp_path / "nowhere")
    for asked in (lambda: alert_overview(nowhere), lambda: acknowledge("a", nowhere)):
        with pytest.raises(InputError, match="no finished run"):
            asked()
