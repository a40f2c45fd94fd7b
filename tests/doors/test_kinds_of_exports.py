"""Further kinds of exports whose truth is known: read right, or asked about with a first answer that is right."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from shops.made_exports import SOLD, Sale, money, sales
from typed import typed

SALES = sales(200, 40, 8)
BOUGHT = [sale for sale in SALES if sale.outcome in SOLD]
WORDS = ("Guest", "guest checkout", "anonymous")
Row = tuple[object, ...]


@dataclass(frozen=True)
class Kind:
    """The columns of an export, its rows of a sale, and its orders, buyers and cents; `asked` are the roles that are
    asked about, one after the other."""

    columns: str
    rows: Callable[[Sale], Sequence[Row]]
    orders: int = len(SALES)
    buyers: int = len({sale.buyer for sale in SALES})
    cents: int = sum(sale.total for sale in SALES)
    asked: tuple[str, ...] = ()


def cents_of(found: Sequence[Sale], back: bool = False) -> tuple[int, int, int]:
    spent = sum(sale.total - (sale.back if back else 0) for sale in found)
    return len(found), len({sale.buyer for sale in found}), spent


def day(sale: Sale) -> str:
    return f"{sale.at:%Y-%m-%d}"


def euros(cents: int) -> str:
    return f"{money(cents).replace('.', ',')} €"


def outcome(*words: str) -> Callable[[Sale], str]:
    """A word for: sold, failed, cancelled, pending, given back."""
    said = dict(zip(("failed", "cancelled", "pending", "refunded"), words[1:], strict=True))
    return lambda sale: said.get(sale.outcome, words[0])


QUOTES, GERMAN = outcome("Sales Order", "Cancelled", "Cancelled", "Quotation", "Cancelled"), outcome(
    "Ausgezahlt", "Fehlgeschlagen", "Storniert", "Zahlung offen", "Rückerstattet"
)  # fmt: skip
KINDS = {
    "totals on each line beside quantity and price": Kind(
        "order_id,date,email,sku,quantity,unit_price,discount,order_total",
        lambda s: [(s.number, day(s), s.email, i.product, i.pieces, money(i.price), money(s.discount), money(s.total))
                   for i in s.items],
    ),
    "a state that is named so, and known in part": Kind(
        "Order Reference,Order Date,Customer,Total,Status",
        lambda s: [(f"S{s.number}", day(s), s.name, money(s.total), QUOTES(s))], *cents_of(BOUGHT),
    ),
    "states and totals in German, what was given back beside them": Kind(
        "Bestellnummer,Bestelldatum,E-Mail,Kunden-ID,Versandkosten,MwSt,Gesamtsumme,Rückerstattung,Bestellstatus",
        lambda s: [(s.number, day(s), s.email, s.buyer + 10, euros(0), euros(s.total // 6), euros(s.total),
                    euros(s.back) if s.back else "", GERMAN(s))], *cents_of(BOUGHT, back=True),
    ),
    "what was given back named as money, beside a subtotal": Kind(
        "Número de pedido,Fecha,Código cliente,Subtotal,Importe total,Importe reembolsado",
        lambda s: [(s.number, day(s), s.buyer + 100, money(s.total + s.discount), money(s.total), money(s.back))],
        *cents_of(SALES, back=True),
    ),
    "guests under several words": Kind(
        "order_id,date,customer,total",
        lambda s: [(s.number, day(s), WORDS[s.number % 3] if s.number % 2 else s.name, money(s.total))],
        *cents_of([sale for sale in SALES if sale.number % 2 == 0]),
    ),
    "a card for all beside an id for some": Kind(
        "id,Created date (UTC),Amount,Refunded date (UTC),Card ID,Customer ID,Customer Email",
        lambda s: [(f"ch_{s.number}x", day(s), money(s.total), day(s) if s.back else "", "card_1",
                    "" if s.is_guest else f"cus_{s.buyer}", s.email)],
    ),
    "credit notes without a sign": Kind(
        "document_no,date,customer_no,document type,amount",
        lambda s: [(s.number, day(s), s.buyer + 1, "Invoice", money(s.total)),
                   *([(f"CN{s.number}", day(s), s.buyer + 1, "Credit Note", money(s.back))] if s.back else [])],
        *cents_of(SALES, back=True),
    ),
    "numbers that each branch counts by itself": Kind(
        "store,receipt number,date,loyalty card,amount",
        lambda s: [(f"Branch {s.number % 4}", s.number // 4, day(s), s.buyer + 1, money(s.total))],
        orders=len({(sale.number // 4, sale.buyer, day(sale)) for sale in SALES}),
    ),
    "orders of a test": Kind(
        "order_id,created_at,email,total,test",
        lambda s: [(s.number, day(s), s.email, money(s.total), str(s.number % 10 == 0).lower())],
        *cents_of([sale for sale in SALES if sale.number % 10]), asked=("states",),
    ),
    "sums with and without tax": Kind(
        "Order ID,Customer Email,Customer Phone,Order Date,Subtotal (inc tax),Order Total (inc tax),Tax Total",
        lambda s: [(s.number, s.email, f"+4930{s.buyer:06d}", day(s), money(s.total + s.discount), money(s.total),
                    money(s.total // 6))], asked=("amount",),
    ),
}  # fmt: skip


def written(path: Path, columns: str, rows: Sequence[Row]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns.split(","), *rows])
    return path


def read(path: Path, asked: Sequence[str] = ()) -> dict[str, object]:
    """What is read, after each question was answered as was proposed first."""
    given: dict[str, str] = {}
    for role in (*asked, None):
        words = [word for option in given.items() for word in option]
        answer = typed("check", "intake", path.name, "--yes", "--json", *words, folder=path.parent)
        found: dict[str, object] = json.loads(answer.stdout)
        if role is None:
            assert answer.returncode == 0, found
            return found
        [doubt] = found["intake"]["asked"]  # type: ignore[index]
        assert (answer.returncode, doubt["role"]) == (2, role)
        name, option = shlex.split(doubt["options"][0])
        given[name] = option
    raise AssertionError


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_read_right_or_asked_about(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    rows = [row for sale in SALES for row in kind.rows(sale)]
    found = read(written(tmp_path / "orders.csv", kind.columns, rows), kind.asked)
    spend = round(float(str(found["spend"])) * 100)
    assert (found["orders"], found["customers"], spend) == (kind.orders, kind.buyers, kind.cents)


def test_exports_that_overlap_tell_of_what_is_no_sale_once(tmp_path: Path) -> None:
    """Guests count once, and what was pending in the first export and is paid in the second is not left out."""

    def row(sale: Sale, state: str) -> Row:
        return sale.number, day(sale), "guest" if sale.is_guest else sale.email, money(sale.total), state

    columns, half = "order_id,date,customer,total,status", SALES[:120]
    written(tmp_path / "in" / "a.csv", columns, [row(s, "paid" if s.number % 5 else "pending") for s in half])
    written(tmp_path / "in" / "b.csv", columns, [row(sale, "paid") for sale in SALES[60:]])
    found = read(tmp_path / "in")
    early = [sale for sale in SALES[:60] if sale.number % 5 == 0]
    sold = [sale for sale in SALES if sale not in early]
    guests = [sale for sale in sold if sale.is_guest]
    assert found["anonymous"] == {"orders": len(guests), "spend": sum(sale.total for sale in guests) / 100}
    assert [one["orders"] for one in found["left_out"]] == [len(early)]  # type: ignore[attr-defined]
    assert found["orders"] == len(sold) - len(guests)


def test_without_numbers_a_day_of_a_customer_is_one_order_and_that_is_told(tmp_path: Path) -> None:
    rows = [(day(sale), sale.email, money(sale.total)) for sale in SALES]
    found = read(written(tmp_path / "orders.csv", "date,email,total", rows))
    assert found["orders"] == len({(sale.buyer, sale.at.date()) for sale in SALES})
    assert "no column numbers the orders, so a customer's day is one order" in str(found["assumed"])
