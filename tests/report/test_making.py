"""How a run was made: its settings, who serves and why, and a command that asks for the same again."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import PROOF
from foretell.customer_log.intake import INTAKE
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE
from foretell.project.request import Request
from foretell.report.making import command, facts, serving


def with_settings(request: Request, **settings: object) -> Request:
    return replace(request, settings=replace(request.settings, **settings))  # type: ignore[arg-type]


def options(one: RunOverHorizon) -> dict[str, str]:
    words = shlex.split(command(one))
    assert words[:2] == ["foretell", "run"]
    begin = next(place for place, word in enumerate(words) if word.startswith("--"))
    return dict(zip(words[begin::2], words[begin + 1 :: 2], strict=True))


def test_the_settings_are_told(shop_main: RunOverHorizon) -> None:
    told = dict(facts(shop_main))
    assert (told["Run"], told["Model id"]) == (shop_main.run.record.run, shop_main.models.model_id)
    assert (told["Spend counts"], told["Currency"]) == ("orders minus refunds", "not told")
    gross = changed(shop_main, request=with_settings(shop_main.request, value="gross", currency="EUR", seed=3))
    told = dict(facts(gross))
    assert (told["Spend counts"], told["Currency"]) == ("orders, refunds not taken off", "EUR")
    assert told["Foretell"].endswith("seed 3")


def test_who_serves_is_told_with_the_reason(shop_main: RunOverHorizon) -> None:
    rows = serving(shop_main)
    assert len(rows) == len(shop_main.plan.objectives)
    assert all(why.startswith(("Blend", "BG/NBD", "MBG/NBD", "Recency")) for _, _, why in rows)
    assert rows[0][2].endswith("Customers count as selected from .34 on.")
    unproved = replace(shop_main.proof, choices={})
    nobody = replace(shop_main.models, names={})
    assert "not proved" in serving(changed(shop_main, {PROOF.name: unproved}))[0][2]
    assert {row[1:] for row in serving(changed(shop_main, {MODELS_THAT_SERVE.name: nobody}))} == {
        ("the overall chance of the past", "nothing could be learned")
    }


def test_the_command_asks_for_the_same_again(shop_main: RunOverHorizon) -> None:
    assert options(shop_main) == {
        "--as-of": shop_main.plan.as_of_day(),
        "--horizon": "30d",
        "--columns": "customer=customer,time=sold_at,amount=amount,order=order_no,product=sku",
        "--value": "net",
        "--seed": "0",
        "--timezone": "UTC",
        "--out": str(shop_main.request.place.out),
    }


def test_only_what_differs_from_the_usual_is_said(shop_main: RunOverHorizon) -> None:
    request = with_settings(shop_main.request, margin=0.25, discount_rate=0.05, currency="EUR")
    intake = replace(shop_main.intake, date_order="dmy", decimal=",", columns={"customer": "who's it"})
    found = options(changed(shop_main, {INTAKE.name: intake}, request))
    assert (found["--margin"], found["--discount-rate"], found["--currency"]) == ("0.25", "0.05", "EUR")
    assert (found["--date-order"], found["--decimal"], found["--columns"]) == ("dmy", ",", "customer=who's it")


def test_files_are_named_from_here_unless_they_were_declared(
    shop_main: RunOverHorizon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = (tmp_path.resolve() / "a b.csv", Path("/elsewhere/c.csv"))
    request = replace(shop_main.request, sources=(replace(shop_main.request.orders, files=files),))
    assert shlex.split(command(changed(shop_main, request=request)))[2:4] == ["a b.csv", "/elsewhere/c.csv"]
    declared = replace(request, identity="foretell.toml: shop")
    assert declared.is_declared
    assert shlex.split(command(changed(shop_main, request=declared)))[2] == "--as-of"
