"""What a push came to is in the ledger of assignments: of the treated of a campaign, once, whoever tells it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.delivery.pushes.contract import Verdict
from foretell.delivery.pushes.ledger import PushLedger
from foretell.pipeline.actions.fates import tell_fates
from foretell.pipeline.actions.push import Ways, push_file, push_waiting
from foretell.project.place import Place
from foretell.project.progress import Silent
from vendors.mail_servers import KlaviyoServer
from vendors.pushed import ENVIRONMENT, QUICK
from vendors.speaking import open_for_calls

CAMPAIGN = "win back 1"
DECLARED = """
[[sources]]
path = "orders.csv"
columns = {{ customer = "who" }}

[[pushes]]
name = "mail"
kind = "klaviyo"
url = "{url}"
allow_private = true
secret_env = "TOOL_TOKEN"
fields = {{ offer = "offer" }}
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A ledger in which a, b and c are treated, and d is kept aside."""
    place = Place(tmp_path / "results", tmp_path / ".foretell")
    place.state.mkdir()
    rows = [
        {
            "customer_id": who, "assigned_at": 1, "playbook": "win back", "campaign": CAMPAIGN,
            "arm": "control" if who == "d" else "treated", "offer": "letter", "channel": "post", "cost": 0.5,
            "stratum": "all", "propensity": 0.5,
        }
        for who in "abcd"
    ]  # fmt: skip
    campaign = Campaign(CAMPAIGN, "win back", "batch", 1, 30, "orders", {"offers": []})
    Assignments(place.state).commit(campaign, Act("run", "Ann", 1), pa.Table.from_pylist(rows, schema=ASSIGNED))
    return place


def test_who_was_sent_and_who_was_refused_is_told_once(place: Place) -> None:
    pushes, ledger = PushLedger(place.state), Assignments(place.state)
    pushes.queue("crm", CAMPAIGN, {who: {} for who in ("a", "b", "c", "d", "stranger")}, "", 1)
    verdicts = {who: Verdict("done", "") for who in ("a", "d", "stranger")} | {"b": Verdict("refused", "unknown")}
    pushes.end("crm", CAMPAIGN, verdicts, 0, 2)
    assert tell_fates(place, "crm", CAMPAIGN, now=5) == 2
    assert tell_fates(place, "crm", CAMPAIGN) == 0
    assert ledger.fates(CAMPAIGN) == {"sent": {"a"}, "refused": {"b"}}
    assert ledger.told(CAMPAIGN) == {"sent": 1, "refused": 1}
    pushes.end("crm", CAMPAIGN, {"b": Verdict("done", "")}, 0, 3)
    assert tell_fates(place, "crm", CAMPAIGN) == 1
    assert ledger.told(CAMPAIGN) == {"sent": 2}
    assert tell_fates(place, "crm", "another batch") == 0


def test_a_push_of_a_campaign_tells_the_ledger_and_so_does_going_on_with_who_waits(place: Place) -> None:
    vendor, ledger = KlaviyoServer(), Assignments(place.state)
    vendor.profiles = {"a": {"external_id": "a", "properties": {}}}
    file = place.state.parent / "contacts.csv"
    file.write_text("customer_id,offer\na,letter\nb,letter\n", encoding="utf-8")
    with open_for_calls(vendor) as url:
        (place.state.parent / "foretell.toml").write_text(DECLARED.format(url=url), encoding="utf-8")
        ways = Ways(place, ENVIRONMENT, QUICK)
        push_file(ways, "mail", file, CAMPAIGN, Silent())
        assert ledger.told(CAMPAIGN) == {"sent": 1, "refused": 1}
        vendor.profiles["b"] = {"external_id": "b", "properties": {}}
        push_waiting(ways, "mail", Silent())
    assert ledger.told(CAMPAIGN) == {"sent": 2}
    assert ledger.fates(CAMPAIGN)["refused"] == {"b"}
