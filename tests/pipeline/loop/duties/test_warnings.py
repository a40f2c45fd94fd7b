"""Rules are asked of each run once; messages go out once; a tool that people wait for is left alone for an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.delivery.ledger import FILE_NAME as DELIVERIES
from foretell.delivery.ledger import Ledger, Outcome
from foretell.delivery.pushes.ledger import PushLedger
from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.warnings import (
    HOUR_MICROSECONDS,
    pushed,
    sent,
    unpushed,
    unsent,
    unwatched,
    watched,
)
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from receivers import WebReceiver, serving
from shops.acting_shop import acting_shop

DECLARED = """
[[alerts]]
name = "leaving"
when = "p_purchase < 90 %"
untested = true
deliver = ["webhook:crm"]

[[deliveries]]
kind = "webhook"
name = "crm"
url = "http://127.0.0.1:PORT/hook"
secret_env = "CRM_SECRET"
allow_private = true
automatic = true
"""
PUSH = """
[[pushes]]
name = "segment"
kind = "segment"
secret_env = "SEGMENT_KEY"
create = true
"""


def loop(place: Place, at: int = HOUR_MICROSECONDS) -> Loop:
    return Loop.of(place, Silent(), at)


def test_an_alert_is_raised_once_a_run_and_sent_once(
    shop_run: PublishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = WebReceiver()
    with serving(receiver) as port:
        place = acting_shop(shop_run, tmp_path, DECLARED.replace("PORT", str(port)))
        assert unsent(loop(place)) == ""
        assert published(place).record.run in unwatched(loop(place))
        assert watched(loop(place)) == "1 alert raised"
        assert unwatched(loop(place)) == ""
        assert unsent(loop(place)) == "1 message due"
        assert not (place.state / DELIVERIES).exists()
        with pytest.raises(InputError, match="could not be tried"):
            sent(loop(place))
        assert unsent(loop(place)) == "1 message due"
        monkeypatch.setenv("CRM_SECRET", "whsec_" + "A" * 40)
        assert sent(loop(place)).startswith("webhook:crm delivered")
        assert unsent(loop(place)) == ""
        assert sent(loop(place)) == "nothing was due any more"
    assert len(receiver.requests) == 1


def test_what_is_not_automatic_is_sent_by_nobody_but_repeated_once_somebody_let_it_out(
    shop_run: PublishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_SECRET", "whsec_" + "A" * 40)
    receiver = WebReceiver()
    with serving(receiver) as port:
        place = acting_shop(shop_run, tmp_path, DECLARED.replace("PORT", str(port)).replace("automatic = true", ""))
        watched(loop(place))
        assert unsent(loop(place)) == ""
        ledger = Ledger(place.state / DELIVERIES)
        ledger.queue("monitor_1", "webhook:crm", "{}", 0)
        ledger.queue("campaign_1", "webhook:crm", "{}", 0)
        assert unsent(loop(place)) == ""
        attempt = ledger.begin(0, {"webhook:crm"}, "campaign_1")
        assert attempt is not None
        ledger.end(attempt, Outcome(False, "500"), 0)
        assert unsent(loop(place)) == "1 message due"
        sent(loop(place))
    assert [headers["webhook-id"] for _, headers, _ in receiver.requests] == ["campaign_1"]


def test_whom_a_tool_did_not_take_waits_an_hour(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = acting_shop(shop_run, tmp_path, PUSH)
    assert unpushed(loop(place)) == ""
    PushLedger(place.state).queue("segment", "hello", {"C0001": {}, "C0002": {}}, "", 0)
    assert unpushed(loop(place)) == "2 customers for segment wait"
    with pytest.raises(InputError, match="SEGMENT_KEY"):
        pushed(loop(place))
    assert unpushed(loop(place, 2 * HOUR_MICROSECONDS - 1)) == ""
    assert unpushed(loop(place, 2 * HOUR_MICROSECONDS))
