"""Sending alerts to receivers on this machine."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from foretell.alerts.raising import raise_alerts
from foretell.alerts.sending import Notice, send_automatic, send_notices, send_pending, send_test
from foretell.alerts.state import FILE_NAME, AlertState
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger
from foretell.project.errors import InputError
from foretell.project.place import Place
from made_run import part, run_at
from receivers import MailReceiver, WebReceiver, serving

SECRET = {"HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
SECOND = 1_000_000
LEAVING = part(when="p_churn > 60 %", deliver=["webhook:crm", "email:team"])


def project(folder: Path, web: int, mail: int, more: str = "") -> Place:
    """A folder with a declaration, and one alert of a run in it."""
    (folder / "foretell.toml").write_text(f"""
[[sources]]
path = "orders.csv"
columns = {{ customer = "c" }}
[[deliveries]]
name = "crm"
kind = "webhook"
url = "http://localhost:{web}/hidden-path"
allow_private = true
secret_env = "HOOK_SECRET"
{more}
[[deliveries]]
name = "team"
kind = "email"
to = "team@shop.example"
sender = "foretell@shop.example"
server = "localhost"
port = {mail}
security = "none"
""")
    place = Place.of_declaration(folder / "foretell.toml", "results")
    place.state.mkdir()
    raise_alerts([LEAVING], run_at(0, [0.7, 0.9, 0, 0]), place.state, 0)
    return place


def test_each_alert_goes_once_to_each_of_its_deliveries(tmp_path: Path) -> None:
    web, mail = WebReceiver(), MailReceiver()
    with serving(web) as web_port, serving(mail) as mail_port:
        place = project(tmp_path, web_port, mail_port)
        first, again = send_pending(place, SECRET), send_pending(place, SECRET)
    assert sorted((one.channel, one.outcome) for one in first) == [
        ("email:team", "delivered"), ("webhook:crm", "delivered"),
    ]  # fmt: skip
    assert again == []
    ((_, headers, _),), told = web.requests, json.loads(web.requests[0][2])
    alert = AlertState(tmp_path / ".foretell" / FILE_NAME).raised()[0].alert
    assert headers["webhook-id"] == f"alert_{alert.id}"
    assert (told["type"], told["data"]["customers"], told["data"]["customer_count"]) == ("alert.raised", ["a", "b"], 2)
    assert told["text"].startswith("leaving: 2 customers")
    received = message_from_bytes(mail.mails[0], policy=SMTP)
    assert str(received["Subject"]).strip() == "Foretell: leaving: 2 customers, 1,000 GBP expected in the next 30 days"
    everything = b"".join(path.read_bytes() for path in (tmp_path / ".foretell").rglob("*") if path.is_file())
    assert SECRET["HOOK_SECRET"].encode() not in everything


def test_one_delivery_without_its_secret_does_not_stop_the_other(tmp_path: Path) -> None:
    web, mail = WebReceiver(), MailReceiver()
    with serving(web) as web_port, serving(mail) as mail_port:
        place = project(tmp_path, web_port, mail_port)
        sent = {one.channel: one for one in send_pending(place, {})}
        assert (sent["webhook:crm"].outcome, sent["email:team"].outcome) == ("not tried", "delivered")
        assert "HOOK_SECRET" in sent["webhook:crm"].told
        assert [one.channel for one in send_pending(place, SECRET)] == ["webhook:crm"]
    assert len(web.requests) == len(mail.mails) == 1


def test_a_failure_is_repeated_with_the_same_id_when_it_is_due(tmp_path: Path) -> None:
    web, moments = WebReceiver(500), [1_800_000_000 * SECOND]
    with serving(web) as web_port, serving(MailReceiver()) as mail_port:
        place = project(tmp_path, web_port, mail_port)
        failed = {one.channel: one for one in send_pending(place, SECRET, lambda: moments[0])}["webhook:crm"]
        assert (failed.outcome, failed.told) == ("waiting", "answered 500")
        assert failed.next_try_at is not None
        assert send_pending(place, SECRET, lambda: moments[0] + 59 * SECOND) == []
        web.status = 200
        (repeated,) = send_pending(place, SECRET, lambda: moments[0] + 60 * SECOND)
    assert repeated.outcome == "delivered"
    first, second = (headers for _, headers, _ in web.requests)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert web.requests[0][2] == web.requests[1][2]


def test_what_was_acknowledged_before_it_was_sent_stays_here(tmp_path: Path) -> None:
    web = WebReceiver()
    with serving(web) as web_port, serving(MailReceiver()) as mail_port:
        place = project(tmp_path, web_port, mail_port)
        state = AlertState(place.state / FILE_NAME)
        state.acknowledge(state.raised()[0].alert.id, 5)
        assert send_pending(place, SECRET) == []
    assert web.requests == []


def test_a_run_sends_by_itself_only_where_that_is_declared(tmp_path: Path) -> None:
    web, mail = WebReceiver(), MailReceiver()
    with serving(web) as web_port, serving(mail) as mail_port:
        place = project(tmp_path, web_port, mail_port, "automatic = true")
        assert [one.channel for one in send_automatic(place, SECRET)] == ["webhook:crm"]
    assert (len(web.requests), len(mail.mails)) == (1, 0)


def test_nothing_is_sent_where_nothing_is_automatic(tmp_path: Path) -> None:
    place = project(tmp_path, 1, 1)
    assert send_automatic(place, {}) == []
    assert not (place.state / LEDGER).exists()


def test_a_test_message_goes_out_once(tmp_path: Path) -> None:
    web = WebReceiver()
    with serving(web) as web_port:
        place = project(tmp_path, web_port, 1)
        assert send_test("webhook:crm", place, SECRET).outcome == "delivered"
    assert json.loads(web.requests[0][2])["type"] == "alert.test"
    failed = send_test("webhook:crm", place, SECRET)
    assert failed.outcome == "given up"
    assert "hidden-path" not in failed.told
    assert {entry.outcome for entry in Ledger(place.state / LEDGER).entries()} == {"delivered", "given up"}
    with pytest.raises(InputError, match="webhook:crm, email:team"):
        send_test("email:boss", place, SECRET)
    with pytest.raises(InputError, match="HOOK_SECRET"):
        send_test("webhook:crm", place, {})


def test_a_notice_goes_once_to_each_delivery_that_is_named_and_waits_where_it_is_not_automatic(tmp_path: Path) -> None:
    web, notice = WebReceiver(), Notice("monitor_1", "monitoring.broken", "events: nothing since May", {"key": "e"})
    with serving(web) as port:
        place = project(tmp_path, port, 1, "automatic = true")
        (sent,) = send_notices(place, [notice], ["webhook:crm", "email:team"], SECRET)
        assert send_notices(place, [notice], ["webhook:crm", "email:team"], SECRET) == []
        assert send_notices(place, [notice], [], SECRET) == []
    assert (sent.message_id, sent.channel, sent.outcome) == ("monitor_1", "webhook:crm", "delivered")
    (request,) = web.requests
    body = json.loads(request[2])
    assert (body["type"], body["text"], body["data"]) == (
        "monitoring.broken",
        "events: nothing since May",
        {"key": "e"},
    )
    waiting = [entry for entry in Ledger(place.state / LEDGER).entries() if entry.outcome == "waiting"]
    assert [(entry.message_id, entry.channel) for entry in waiting] == [("monitor_1", "email:team")]
