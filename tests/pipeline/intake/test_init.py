"""A declaration says what was settled, and where a guess came from."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from foretell.answers.summary import summarised
from foretell.cli.main import main
from foretell.customer_log.store import Store
from foretell.pipeline.intake.init import declaration_text, recognised, write_declaration
from foretell.pipeline.intake.requests import request_for_files, request_of_declaration, with_options
from foretell.pipeline.run import published_run
from foretell.project.declaration import read_declaration
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.project.request import Request
from foretell.report.making import command

ROWS = "".join(f"C{n % 5},2024-01-{n + 1:02d},{n}.5,2\n" for n in range(20))


def request_for(header: str, folder: Path, **options: object) -> Request:
    path = folder / "orders.csv"
    path.write_text(f"{header}\n{ROWS}", encoding="utf-8")
    return request_for_files([path], folder / "out", **options)


@pytest.mark.parametrize(
    ("column", "currency"),
    [
        ("amount_usd", "USD"),
        ("Total (EUR)", "EUR"),
        ("unit_price_gbp", "GBP"),
        ("amount", ""),
        ('amount "chf" \x01', "CHF"),
    ],
)
def test_the_currency_is_guessed_from_the_name_and_said_so(column: str, currency: str, tmp_path: Path) -> None:
    quoted = column.replace('"', '""')
    columns = {"customer": "customer_id", "time": "date", "amount": column}
    request = request_for(f'customer_id,date,"{quoted}",qty', tmp_path, columns=columns)
    path = write_declaration(recognised(request, None), tmp_path)
    assert read_declaration(path).project.currency == currency
    assert ("from the name of the column" in path.read_text()) == bool(currency)
    found = published_run(request_of_declaration(path), Silent())
    assert f"{currency} expected".strip() in summarised(found.main).headline().replace("\xa0", " ")


def test_a_given_currency_stays(tmp_path: Path) -> None:
    request = request_for("customer_id,date,amount_usd,qty", tmp_path, currency="GBP")
    seen = recognised(request, None)
    assert (seen.request.settings.currency, seen.currency_from) == ("GBP", "")
    assert published_run(request, Silent()).main.currency == "GBP"
    assert published_run(with_options(request, {"currency": ""}), Silent()).main.currency == "USD"


def test_a_column_of_currencies_is_not_overruled_by_a_name(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,date,amount_usd,currency\n" + ROWS.replace(",2\n", ",EUR\n"))
    assert recognised(request_for_files([path], tmp_path / "out"), None).request.settings.currency == "EUR"


@pytest.mark.parametrize("decimal", ["x", "", ".,"])
def test_a_decimal_sign_that_is_none_is_refused(decimal: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="decimal sign is not known"):
        request_for("customer_id,date,amount,qty", tmp_path, decimal=decimal)


UNSURE = "customer_id,date,amount\nA,1/2/2024,1.234\nB,3/4/2024,2.345\n"


def test_init_takes_what_its_hints_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orders.csv").write_text(UNSURE)
    monkeypatch.chdir(tmp_path)
    words = ["foretell", "init", "orders.csv"]
    for option in ("--date-order dmy", "--decimal ."):
        monkeypatch.setattr(sys, "argv", list(words))
        with pytest.raises(SystemExit):
            main()
        assert f"or give: {option}" in capsys.readouterr().err
        words += option.split()
    monkeypatch.setattr(sys, "argv", [*words[:-1], ","])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    source = read_declaration(tmp_path / "foretell.toml").sources[0]
    assert (source.date_order, source.decimal) == ("dmy", ",")


@pytest.mark.parametrize(
    ("rows", "given", "told"),
    [
        (UNSURE, {"date_order": "mdy", "decimal": "."}, ["--date-order", "mdy", "--decimal", "."]),
        ('customer_id,date,amount\nA,13/2/2024,"1,5"\nB,14/2/2024,2\n', {}, ["--date-order", "dmy", "--decimal", ","]),
        ("customer_id,date,amount\nA,2024-02-13,1.5\nB,2024-02-14,2\n", {}, []),
    ],
    ids=["given", "settled from data", "not needed"],
)
def test_the_command_that_repeats_a_run_reads_alike(
    rows: str, given: dict[str, str], told: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(rows)
    found = published_run(request_for_files([path], tmp_path / "out", **given), Silent())
    words = shlex.split(command(found.main))
    assert words[words.index("UTC") + 1 : words.index("--out")] == told


def test_what_the_first_order_tells_is_declared_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,date,amount,Ship Country,Kanal,Rabatt\n" + ROWS.replace(",2\n", ",Peru,web,10%\n"))
    declared = write_declaration(recognised(request_for_files([path], tmp_path / "out"), None), tmp_path)
    columns = {"country": "Ship Country", "channel": "Kanal", "discount": "Rabatt"}
    assert read_declaration(declared).sources[0].columns.items() >= columns.items()
    found = published_run(request_of_declaration(declared), Silent())
    assert found.main.intake.columns.items() >= columns.items()
    words = Store.kept(found.request.place.state).words()
    assert (found.main.intake.columns["country"], len(words)) == ("Ship Country", 1)


def test_what_was_settled_of_sales_is_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "payments.csv"
    rows = [
        f"{'' if n % 3 else f'C{n % 11}'},p{n % 11}@example.com,2024-01-{n % 28 + 1:02d},{n + 1}.50,{state}"
        for n, state in enumerate(["Paid", "Failed", "On review", "Paid"] * 30)
    ]
    path.write_text("\n".join(["Customer ID,Email,Date,Amount,Status", *rows]) + "\n")
    columns = {"customer": ["Customer ID", "Email"], "time": "Date", "amount": "Amount"}
    with pytest.raises(InputError, match="On review"):
        recognised(request_for_files([path], tmp_path / "out", columns=columns), None)
    asked = request_for_files([path], tmp_path / "out", columns=columns, states="On review=none", nobody="C0")
    found = recognised(asked, None)
    assert found.columns.customers == ("Customer ID", "Email")
    text = declaration_text(found, tmp_path)
    assert 'states = { "On review" = "none" }' in text
    assert 'nobody = ["C0"]' in text
    (tmp_path / "foretell.toml").write_text(text)
    again = request_of_declaration(tmp_path / "foretell.toml").orders
    assert (again.states, again.nobody) == ({"On review": "none"}, ("C0",))
    assert again.columns == found.columns.used()
