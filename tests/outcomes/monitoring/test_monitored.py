"""What is told of a day, for people and for programs."""

from __future__ import annotations

import json

from foretell.outcomes.monitoring.monitored import Broken, Monitored, Watched


def test_it_is_plain_for_programs() -> None:
    watched = Watched("volume", "events", "volume", 40.0, 40), Watched("units", "orders", "amount", cannot="few")
    broken = Broken("events volume", "volume", "events", "40 rows", "2026-05-01", ("source events volume",))
    found = Monitored("2026-05-01", watched, (broken,), "2026-05-01", 3.2, 20)
    assert found.unjudged == watched[1:]
    assert broken.spoils
    plain = json.loads(json.dumps(found.as_json()))
    assert plain["broken"][0]["said"] == "40 rows"
    assert plain["watched"][1]["cannot"] == "few"
    assert (plain["as_of"], plain["limit"], plain["weeks"]) == ("2026-05-01", 3.2, 20)
