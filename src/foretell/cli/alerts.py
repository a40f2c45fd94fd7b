"""`foretell alerts`: early warnings of the last run, and having them acknowledged, silenced or sent."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from foretell.cli.options import Json, Out
from foretell.project.place import place_of

if TYPE_CHECKING:
    from foretell.alerts.sending import Sent
    from foretell.pipeline.alert_overview import Overview

alerts = typer.Typer(help="Early warnings by the rules that you declared: [[alerts]] in foretell.toml.")
All = Annotated[bool, typer.Option("--all", help="Those that were acknowledged too.")]


@alerts.callback(invoke_without_command=True)
def listed(context: typer.Context, out: Out = None, with_acknowledged: All = False, as_json: Json = False) -> None:
    """Early warnings by the rules that you declared; without a command: list them."""
    if context.invoked_subcommand is None:
        show(out, with_acknowledged, as_json)


@alerts.command("list")
def show(out: Out = None, with_acknowledged: All = False, as_json: Json = False) -> None:
    """Ask the declared rules of the last run's scores; list the alerts, and what each rule was worth on the past."""
    from foretell.pipeline.alert_overview import alert_overview

    overview = alert_overview(place_of(out), with_acknowledged)
    print(json.dumps(overview.as_json(), ensure_ascii=False) if as_json else "\n".join(_lines(overview)))


@alerts.command()
def ack(
    alert: Annotated[str, typer.Argument(help="The alert's id; its beginning will do.")],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Acknowledge an alert: its customers are not warned of again while the rule goes on to hold of them."""
    from foretell.alerts.words import headline
    from foretell.pipeline.alert_overview import acknowledge

    found = acknowledge(alert, place_of(out))
    print(json.dumps({"acknowledged": found.id}) if as_json else f"Acknowledged {found.id}  {headline(found)}")


@alerts.command()
def silence(
    name: Annotated[str, typer.Argument(help="The name of a declared alert.")],
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="The day from which it may warn again.")],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Let an alert raise nothing until a day."""
    from foretell.pipeline.alert_overview import silence as silenced

    day = silenced(name, until, place_of(out))
    print(json.dumps({"silent": name, "until": day}) if as_json else f"{name} is silent until {day}")


@alerts.command()
def send(out: Out = None, as_json: Json = False) -> None:
    """Send the open alerts to their deliveries, each once; repeat what failed and is due."""
    from foretell.alerts.sending import send_pending

    sent = send_pending(place_of(out))
    if as_json:
        print(json.dumps([asdict(one) for one in sent], ensure_ascii=False))
    else:
        print("\n".join(_sent_line(one) for one in sent) or "Nothing to send.")
    if any(one.outcome != "delivered" for one in sent):
        raise typer.Exit(1)


@alerts.command("test")
def try_out(
    delivery: Annotated[str, typer.Argument(help="A declared delivery, such as webhook:crm.")],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Send a test message to a delivery."""
    from foretell.alerts.sending import send_test

    sent = send_test(delivery, place_of(out))
    print(json.dumps(asdict(sent), ensure_ascii=False) if as_json else _sent_line(sent))
    if sent.outcome != "delivered":
        raise typer.Exit(1)


def _sent_line(sent: Sent) -> str:
    again = f"; next attempt at {sent.next_try_at}" if sent.next_try_at else ""
    return f"{sent.channel}: {sent.message_id} {sent.outcome}, {sent.told}{again}".replace(":  ", ": ")


def _lines(overview: Overview) -> list[str]:
    from foretell.alerts.words import headline, lines, rule_line

    found = []
    about = {standing.part.name: standing.part.about for standing in overview.raising.rules}
    for one in overview.raised:
        mark = " (acknowledged)" if one.acknowledged_at else " (new)" if one.alert.id in overview.new else ""
        found += [f"{one.alert.id}  {headline(one.alert)}{mark}"]
        found += [f"    {line}" for line in lines(one.alert, about.get(one.alert.rule, "churn"))]
    if not overview.raised:
        found.append(
            "No alert is open." if overview.raising.rules else "No alert is declared: [[alerts]] in foretell.toml."
        )
    if overview.raising.rules:
        found += ["", *(rule_line(standing) for standing in overview.raising.rules)]
    return found
