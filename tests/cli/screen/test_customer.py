"""`explain` on the screen: every forecast of a customer with its reasons, or what sets a segment apart."""

from __future__ import annotations

import json

import pytest

from foretell.answers.customer import customer_of
from foretell.answers.published import PublishedRun
from foretell.answers.segments import segment_named
from foretell.cli.screen.customer import show_customer, show_segment
from foretell.project.errors import InputError


def test_every_line_of_the_answer_is_printed_once(shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]) -> None:
    customer = customer_of("C0003", shop_run)
    show_customer(" C0003 ", shop_run.request.place.out, as_json=False)
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == customer.headline()
    forecasts = [line for line in lines if not line.startswith("    ")]
    assert [line[2:31].rstrip() for line in forecasts[:-1]] == [name for name, _ in customer.lines()]
    for line, (_, value) in zip(forecasts[:-1], customer.lines(), strict=True):
        assert line.endswith(f" {value}".replace("\xa0", " "))
    assert "not causes" in forecasts[-1]
    assert [line[4:] for line in lines if line.startswith("    ")] == customer.values["reasons"]
    assert "\xa0" not in "".join(forecasts)


def test_json_holds_the_row_of_the_scores_and_no_change_without_a_run_before(
    shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    show_customer("C0003", shop_run.request.place.out, as_json=True)
    told = json.loads(capsys.readouterr().out)
    row = customer_of("C0003", shop_run).values
    assert set(told) == {*row, "change"}
    assert told["change"] is None
    assert (told["p_purchase"], told["reasons"]) == (row["p_purchase"], row["reasons"])


def test_a_segment_is_told_with_its_reasons(shop_run: PublishedRun, capsys: pytest.CaptureFixture[str]) -> None:
    found = segment_named("Loyal", shop_run)
    show_segment("loyal", shop_run.request.place.out, as_json=False)
    head, _, *reasons = capsys.readouterr().out.splitlines()
    assert head == f"Loyal, {found.customers} customers as of {found.as_of}, the next 30 days"
    assert [line.strip() for line in reasons] == [one.replace("\xa0", " ") for one in found.reasons]
    show_segment("loyal", shop_run.request.place.out, as_json=True)
    assert json.loads(capsys.readouterr().out)["customers"] == found.customers


def test_nobody_of_that_name_is_an_error(shop_run: PublishedRun) -> None:
    with pytest.raises(InputError, match="not among the scored"):
        show_customer("nobody", shop_run.request.place.out, as_json=True)
    with pytest.raises(InputError, match="in that segment"):
        show_segment("nobody", shop_run.request.place.out, as_json=True)
