"""Sending alerts: only when somebody asks for it, or where a delivery is declared as automatic."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foretell.alerts.alert import MOST_TOLD, Alert
from foretell.alerts.rules import declared
from foretell.alerts.state import FILE_NAME, AlertState
from foretell.delivery import email, webhook
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger, Outcome
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import from_microseconds
from foretell.project.parts.alerts import DeliveryPart
from foretell.project.place import Place
from foretell.words.wording import TIGHT

Clock = Callable[[], int]
Way = Callable[[str, str, int], Outcome]
"""How a message of this id and body goes out, at a moment in Unix seconds."""


def clock() -> int:
    """Now, in microseconds UTC."""
    return time.time_ns() // 1_000


@dataclass(frozen=True)
class Sent:
    """What became of one message on one channel in this pass; `outcome` is that of the ledger, or `not tried`."""

    message_id: str
    channel: str
    outcome: str
    told: str
    next_try_at: str | None = None


def send_pending(place: Place, environment: Mapping[str, str] = os.environ, now: Clock = clock) -> list[Sent]:
    """Send every alert of the last runs that is open and not yet sent, and repeat what failed and is due."""
    return _send(place, declared(place)[1], environment, now)


def send_automatic(place: Place, environment: Mapping[str, str] = os.environ, now: Clock = clock) -> list[Sent]:
    """The same at the end of a run, over deliveries with `automatic = true` alone."""
    ways = [delivery for delivery in declared(place)[1] if delivery.automatic]
    return _send(place, ways, environment, now) if ways else []


def due_now(place: Place, now: Clock = clock) -> int:
    """How many messages `send_due` would try now; nothing is written."""
    ledger, ways = Ledger(place.state / LEDGER), declared(place)[1]
    automatic = {one.channel for one in ways if one.automatic}
    unqueued = {(f"alert_{one.id}", channel) for one in _open(place) for channel in automatic.intersection(one.deliver)}
    return len(unqueued - ledger.known()) + len(_let_out(ledger, ways, now()))


def send_due(place: Place, environment: Mapping[str, str] = os.environ, now: Clock = clock) -> list[Sent]:
    """What a run sends by itself, and what was tried before over any delivery, failed and is due, such as the message
    of a campaign: somebody let that out."""
    ledger, ways = Ledger(place.state / LEDGER), declared(place)[1]
    _queue(place, {delivery.channel for delivery in ways if delivery.automatic}, now)
    return _sent_all(ledger, ways, environment, now, _let_out(ledger, ways, now()))


def _let_out(ledger: Ledger, ways: Sequence[DeliveryPart], now: int) -> list[tuple[str, str]]:
    """Message and channel of what is due and may go out by itself."""
    automatic = {one.channel: one.automatic for one in ways}
    return [(one, channel) for one, channel, tries in ledger.due(now) if tries or automatic.get(channel)]


@dataclass(frozen=True)
class Notice:
    """A message that is no alert: `id` tells it apart for good, `kind` is its type, `text` what people read (the first
    line is the headline), `data` what programs do."""

    id: str
    kind: str
    text: str
    data: Mapping[str, Any]


def send_notices(
    place: Place,
    notices: Sequence[Notice],
    channels: Collection[str],
    environment: Mapping[str, str] = os.environ,
    now: Clock = clock,
) -> list[Sent]:
    """Give each notice once to each of some declared deliveries; those with `automatic = true` send at once, the others
    when `foretell alerts send` is asked for."""
    ledger, ways = Ledger(place.state / LEDGER), [one for one in declared(place)[1] if one.channel in channels]
    for notice in notices if ways else ():
        at = now()
        body = json.dumps(_body(notice.kind, notice.text.replace(TIGHT, " "), notice.data, at), ensure_ascii=False)
        for way in ways:
            ledger.queue(notice.id, way.channel, body, at)
    automatic = [way for way in ways if way.automatic]
    return _sent_all(ledger, automatic, environment, now) if automatic else []


def send_test(channel: str, place: Place, environment: Mapping[str, str] = os.environ, now: Clock = clock) -> Sent:
    """Send one message that says it is a test, once, to a declared delivery."""
    ways = {delivery.channel: delivery for delivery in declared(place)[1]}
    if channel not in ways:
        known = f"one of: {', '.join(ways)}" if ways else "a [[deliveries]] part in foretell.toml"
        raise InputError("There is no such delivery.", found=channel, expected=known)
    way, at = way_of(ways[channel], environment), now()
    ledger, message_id = Ledger(place.state / LEDGER), f"test_{fingerprint([channel, at])}"
    text = "A test from Foretell\nIf you read this, alerts arrive here."
    ledger.queue(message_id, channel, json.dumps(_body("alert.test", text, {}, at)), at)
    attempt = ledger.begin(at, {channel}, message_id)
    if attempt is None:
        return Sent(message_id, channel, "not tried", "another process is sending it")
    outcome = way(message_id, attempt.body, at // 1_000_000)
    ledger.end(attempt, Outcome(outcome.delivered, outcome.told, is_final=True), now())
    return Sent(message_id, channel, "delivered" if outcome.delivered else "given up", outcome.told)


def way_of(delivery: DeliveryPart, environment: Mapping[str, str]) -> Way:
    """How messages go out over a delivery; InputError where its secret is not in the environment, or it is unusable."""
    secret = ""
    if delivery.secret_env:
        secret = environment.get(delivery.secret_env, "")
        if not secret:
            raise InputError(
                f"The secret of {delivery.channel} is not there.",
                found=f"no environment variable {delivery.secret_env}",
                hint=f"export {delivery.secret_env}=...",
            )
    if delivery.kind == "webhook":
        endpoint = webhook.endpoint(delivery.url, secret, delivery.allow_private)
        return lambda message_id, body, at: webhook.post(endpoint, message_id, body.encode(), at)
    server = email.mail_server(delivery, secret)

    def mail(message_id: str, body: str, at: int) -> Outcome:
        subject, *text = json.loads(body)["text"].splitlines()
        return email.send(server, email.composed(server, message_id, f"Foretell: {subject}", text, at))

    return mail


def message_of(alert: Alert, at: int) -> str:
    """The message of an alert as JSON: `type`, `timestamp`, `text` (its first line is the headline), and all of the
    alert in `data`, with at most `MOST_TOLD` customers by name."""
    from foretell.alerts.words import headline, lines  # noqa: PLC0415  whoever has nothing to send needs no words

    text = "\n".join([headline(alert), *lines(alert)]).replace(TIGHT, " ")
    return json.dumps(_body("alert.raised", text, alert.as_json(MOST_TOLD), at), ensure_ascii=False)


def _send(place: Place, deliveries: Sequence[DeliveryPart], environment: Mapping[str, str], now: Clock) -> list[Sent]:
    _queue(place, {delivery.channel for delivery in deliveries}, now)
    return _sent_all(Ledger(place.state / LEDGER), deliveries, environment, now)


def _open(place: Place) -> list[Alert]:
    """The alerts that nobody has seen yet, the oldest first."""
    path = place.state / FILE_NAME
    return [one.alert for one in reversed(AlertState(path).raised(with_acknowledged=False))] if path.exists() else []


def _queue(place: Place, channels: Collection[str], now: Clock) -> None:
    ledger = Ledger(place.state / LEDGER)
    for alert in _open(place):
        for channel in sorted({*channels} & {*alert.deliver}):
            at = now()
            ledger.queue(f"alert_{alert.id}", channel, message_of(alert, at), at)


def _sent_all(
    ledger: Ledger,
    deliveries: Sequence[DeliveryPart],
    environment: Mapping[str, str],
    now: Clock,
    alone: Sequence[tuple[str, str]] | None = None,
) -> list[Sent]:
    """Send whatever waits for these deliveries and is due; with `alone` these messages, each over this channel."""
    ways: dict[str, Way] = {}
    known = [(one.message_id, one.channel) for one in ledger.entries() if one.outcome == "waiting"]
    waiting = {channel for _, channel in (known if alone is None else alone)}
    sent = []
    for delivery in deliveries:
        if delivery.channel in waiting:
            try:
                ways[delivery.channel] = way_of(delivery, environment)
            except InputError as error:
                sent.append(Sent("", delivery.channel, "not tried", " ".join(str(error).split())))
    asked = [(None, set(ways))] if alone is None else [(one, {channel} & ways.keys()) for one, channel in alone]
    for message, channels in asked:
        while (attempt := ledger.begin(now(), channels, message)) is not None:
            outcome = ways[attempt.channel](attempt.message_id, attempt.body, now() // 1_000_000)
            ledger.end(attempt, outcome, now())
            sent.append(_sent(ledger, attempt.message_id, attempt.channel))
    return sent


def _sent(ledger: Ledger, message_id: str, channel: str) -> Sent:
    entry = next(one for one in ledger.entries() if (one.message_id, one.channel) == (message_id, channel))
    due = None if entry.next_try_at is None else from_microseconds(entry.next_try_at).isoformat(timespec="seconds")
    return Sent(message_id, channel, entry.outcome, entry.told, due)


def _body(kind: str, text: str, data: Mapping[str, Any], at: int) -> dict[str, Any]:
    return {
        "type": kind,
        "timestamp": from_microseconds(at).isoformat(timespec="seconds"),
        "text": text,
        "data": dict(data),
    }
