"""Exports of a shop whose truth is known: read exactly right, or asked about with a line that reads them right."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from shops.made_exports import KINDS, Export, Truth, money, order_lines, receipts, rounded_ids, sales, shop_orders
from typed import typed

SALES = sales()
EXPORTS = {name: kind(SALES) for name, kind in KINDS.items()}
ASKED = ("shop orders", "payments", "order lines", "marketplace", "gifts")
"""Kinds in which no name tells who bought once the columns are renamed."""


def checked(path: Path, *words: str) -> dict[str, Any]:
    """What `foretell check intake` says of a file, as a program reads it."""
    answer = typed("check", "intake", path.name, "--yes", "--json", *words, folder=path.parent)
    assert answer.returncode in (0, 2), answer.stderr
    return dict(json.loads(answer.stdout), code=answer.returncode)


def said(found: dict[str, Any]) -> Truth:
    """The answer as far as the truth is known."""
    assert found["code"] == 0, found
    left_out = {one["reason"]: one["orders"] for one in found["left_out"]}
    anonymous = (found["anonymous"]["orders"], round(found["anonymous"]["spend"] * 100))
    return Truth(found["orders"], found["customers"], round(found["spend"] * 100), left_out, anonymous)


def pasted(found: dict[str, Any]) -> list[str]:
    """The option that a question proposes, as its reader types it."""
    assert found["code"] == 2, found
    return shlex.split(found["hint"].partition("or give: ")[2])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_exactly_right(kind: str, tmp_path: Path) -> None:
    path = EXPORTS[kind].written(tmp_path / "orders.csv")
    assert said(checked(path)) == EXPORTS[kind].truth


@pytest.mark.parametrize("kind", KINDS)
def test_names_that_say_less_are_read_right_or_asked_about(kind: str, tmp_path: Path) -> None:
    """The columns stand in another order, too."""
    path = EXPORTS[kind].written(tmp_path / "orders.csv", plain=True, turned=True)
    found, words = checked(path), list[str]()
    assert (found["code"] == 2) == (kind in ASKED)
    if kind in ASKED:
        assert found["error"] == "Which column identifies the customer?"
        words = pasted(found)
    assert said(checked(path, *words)) == EXPORTS[kind].truth


def test_the_line_for_the_declaration_works_as_the_option_does(tmp_path: Path) -> None:
    export = EXPORTS["shop orders"]
    path = export.written(tmp_path / "orders.csv", plain=True)
    line = checked(path)["hint"].partition("add to foretell.toml: ")[2].partition("   or give: ")[0]
    (tmp_path / "foretell.toml").write_text(f'[[sources]]\npath = "orders.csv"\n{line}\n', encoding="utf-8")
    answer = typed("check", "intake", "--yes", "--json", folder=tmp_path)
    assert said(dict(json.loads(answer.stdout), code=answer.returncode)) == export.truth


@pytest.mark.parametrize("command", [("check", "intake"), ("init",), ("run",)], ids=" ".join)
def test_a_program_is_told_what_is_asked_with_answers_to_paste(command: tuple[str, ...], tmp_path: Path) -> None:
    path = EXPORTS["shop orders"].written(tmp_path / "orders.csv", plain=True)
    answer = typed(*command, path.name, "--json", folder=tmp_path)
    found = json.loads(answer.stdout)
    assert (answer.returncode, found["error"]) == (2, "Which column identifies the customer?")
    [asked] = found["intake"]["asked"]
    assert asked["role"] == "customer"
    assert len(asked["options"]) > 1
    for option in asked["options"]:
        assert checked(path, *shlex.split(option)).get("error") != found["error"]
    assert said(checked(path, *shlex.split(asked["options"][0]))) == EXPORTS["shop orders"].truth


def test_a_program_is_told_each_way_to_take_a_state(tmp_path: Path) -> None:
    path = with_states(tmp_path / "orders.csv", dict.fromkeys(STATES, "closed") | {"pending": "open"}, "status")
    [asked] = checked(path)["intake"]["asked"]
    assert (asked["role"], len(asked["options"])) == ("states", 3)
    pending = sum(sale.outcome == "pending" for sale in SALES)
    orders = [said(checked(path, *shlex.split(option))).orders for option in asked["options"]]
    assert orders == [len(SALES), len(SALES) - pending, len(SALES) - pending]


def test_a_declaration_for_a_program_says_what_the_file_holds(tmp_path: Path) -> None:
    path = EXPORTS["payments"].written(tmp_path / "orders.csv")
    alone = json.loads(typed("check", "intake", path.name, "--json", folder=tmp_path).stdout)
    assert json.loads(typed("init", path.name, "--json", folder=tmp_path).stdout)["intake"] == alone


def test_the_screen_says_what_was_left_out_with_its_money(tmp_path: Path) -> None:
    path = EXPORTS["shop orders"].written(tmp_path / "orders.csv")
    told = typed("check", "intake", path.name, "--yes", folder=tmp_path).stdout
    failed = [sale for sale in SALES if sale.outcome == "failed"]
    assert f"{len(failed)} orders wc-failed, {round(sum(sale.total for sale in failed) / 100):,}" in told
    assert "state = status" in told
    assert list(tmp_path.iterdir()) == [path], "nothing is kept"


def test_ids_that_a_spreadsheet_rounded_are_asked_about(tmp_path: Path) -> None:
    export = rounded_ids(SALES)
    path = export.written(tmp_path / "orders.csv")
    found = checked(path)
    assert "of its ids were rounded by a spreadsheet" in found["error"]
    again = checked(path, *pasted(found))
    assert said(again) == export.truth
    assert any("rounded by a spreadsheet" in text for text in again["assumed"])


def test_guests_without_an_address_are_anonymous_and_told(tmp_path: Path) -> None:
    export = shop_orders(SALES)
    place = export.header.index("billing_email")
    rows = [(*row[:place], "", *row[place + 1 :]) for row in export.rows]
    found = said(checked(Export(export.header, rows, export.truth, {}).written(tmp_path / "orders.csv")))
    guests = [sale for sale in SALES if sale.is_guest and sale.outcome not in ("failed", "cancelled", "pending")]
    known = [sale for sale in SALES if not sale.is_guest and sale.outcome in ("paid", "shipped", "refunded in part")]
    assert found.anonymous == (len(guests), sum(sale.total for sale in guests))
    assert (found.orders, found.customers) == (len(known), len({sale.buyer for sale in known}))
    assert found.cents == sum(sale.total - sale.back for sale in known)


STATES = ("paid", "shipped", "failed", "cancelled", "pending", "refunded", "refunded in part")
LANGUAGES = {
    "German": ("bezahlt", "versendet", "fehlgeschlagen", "storniert", "ausstehend", "erstattet", "teilweise erstattet"),
    "French": ("Payé", "Expédié", "Échoué", "Annulé", "En attente", "Remboursé", "Partiellement remboursé"),
    "Spanish": ("Pagado", "Enviado", "Fallido", "Cancelado", "Pendiente", "Reembolsado", "Parcialmente reembolsado"),
    "Italian": ("Pagato", "Spedito", "Fallito", "Annullato", "In attesa", "Rimborsato", "Parzialmente rimborsato"),
    "Dutch": ("Betaald", "Verzonden", "Mislukt", "Geannuleerd", "In afwachting", "Terugbetaald",
              "Gedeeltelijk terugbetaald"),
    "Portuguese": ("Pago", "Enviado", "Falhou", "Cancelado", "Pendente", "Reembolsado", "Parcialmente reembolsado"),
}  # fmt: skip


def table(path: Path, header: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Path:
    return Export(tuple(header), list(rows), Truth(0, 0, 0), {}).written(path)


def with_states(path: Path, words: dict[str, str], column: str = "zustand", orders: int = len(SALES)) -> Path:
    rows = [(s.number, s.email, f"{s.at:%Y-%m-%d}", money(s.total), words.get(s.outcome, "paid")) for s in SALES]
    return table(path, ("order_id", "customer", "date", "amount", column), rows[:orders])


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_are_read_in_each_language(language: str, tmp_path: Path) -> None:
    words = dict(zip(STATES, LANGUAGES[language], strict=True))
    sold = [sale for sale in SALES if sale.outcome in ("paid", "shipped", "refunded in part")]
    found = said(checked(with_states(tmp_path / "orders.csv", words)))
    assert (found.orders, found.cents) == (len(sold), sum(sale.total for sale in sold))


@pytest.mark.parametrize(
    ("column", "words", "likeliest", "left_out"),
    [
        ("status", dict.fromkeys(STATES, "closed") | {"pending": "open"}, "sale", ()),
        ("how_far", dict.fromkeys(STATES, "shipped") | {"pending": "pending"}, "sale", ()),
        ("Deal Stage", {"paid": "Closed won", "shipped": "Appointment scheduled", "refunded": "Contract sent",
                        "pending": "Qualified to buy", "cancelled": "Decision maker bought-in",
                        "refunded in part": "Presentation scheduled", "failed": "Closed lost"}, "none",
         ("shipped", "refunded", "pending", "cancelled", "refunded in part", "failed")),
        ("IsWon", dict.fromkeys(STATES, "true") | {"failed": "false"}, "none", ("failed",)),
        ("cancelled", dict.fromkeys(STATES, "0") | {"cancelled": "1"}, "none", ("cancelled",)),
    ],
    ids=["open or closed", "parcels", "deals", "won", "cancelled"],
)  # fmt: skip
def test_states_that_say_two_things_are_asked_about(
    column: str, words: dict[str, str], likeliest: str, left_out: tuple[str, ...], tmp_path: Path
) -> None:
    path = with_states(tmp_path / "orders.csv", words, column)
    found = checked(path)
    assert f"What does {column} = " in found["error"]
    assert f"={likeliest}" in pasted(found)[1]
    answer = said(checked(path, *pasted(found)))
    assert answer.orders == sum(sale.outcome not in left_out for sale in SALES)


@pytest.mark.parametrize(
    "words",
    [dict.fromkeys(STATES, "paid"), dict.fromkeys(STATES, ""), dict.fromkeys(STATES, "Berlin") | {"paid": "OK"}],
    ids=["one state", "empty", "towns"],
)
def test_a_column_that_says_nothing_of_the_sale_leaves_all_of_them(words: dict[str, str], tmp_path: Path) -> None:
    found = said(checked(with_states(tmp_path / "orders.csv", words)))
    assert (found.orders, found.left_out) == (len(SALES), {})


def test_parcels_that_wait_are_sold(tmp_path: Path) -> None:
    words = dict.fromkeys(STATES, "fulfilled") | {"pending": "pending"}
    assert said(checked(with_states(tmp_path / "orders.csv", words, "Fulfillment Status"))).orders == len(SALES)


def test_twelve_rows_are_enough_to_see_states(tmp_path: Path) -> None:
    words = dict.fromkeys(STATES, "paid") | {"failed": "void", "cancelled": "void"}
    found = said(checked(with_states(tmp_path / "orders.csv", words, orders=12)))
    gone = sum(sale.outcome in ("failed", "cancelled") for sale in SALES[:12])
    assert gone
    assert (found.orders, found.left_out) == (12 - gone, {"void": gone})


@pytest.mark.parametrize("stands", [lambda place: True, lambda place: place == 0], ids=["on each line", "on the first"])
def test_what_was_given_back_of_an_order_is_taken_off_once(stands: Callable[[int], bool], tmp_path: Path) -> None:
    rows = [
        (sale.number, sale.email, f"{sale.at:%Y-%m-%d}", f"p{item.product}", item.pieces, money(item.price),
         money(sale.back) if stands(place) else "")
        for sale in SALES for place, item in enumerate(sale.items)
    ]  # fmt: skip
    head = ("order_id", "customer", "date", "sku", "quantity", "unit_price", "refunded_amount")
    found = said(checked(table(tmp_path / "orders.csv", head, rows)))
    assert (found.orders, found.cents) == (len(SALES), sum(sale.total + sale.discount - sale.back for sale in SALES))


def test_refunds_in_rows_of_their_own_are_taken_off_beside_failed_payments(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = []
    for sale in SALES:
        state = "Failed" if sale.outcome == "failed" else "Completed"
        rows.append((sale.number, sale.email, f"{sale.at:%Y-%m-%d}", money(sale.total), state))
        if sale.back:
            rows.append((f"R{sale.number}", sale.email, f"{sale.at:%Y-%m-%d}", f"-{money(sale.back)}", "Refunded"))
    path = table(tmp_path / "orders.csv", ("order_no", "email", "date", "amount", "status"), rows)
    kept = [sale for sale in SALES if sale.outcome != "failed"]
    found = said(checked(path))
    assert (found.orders, found.cents) == (len(kept), sum(sale.total - sale.back for sale in kept))
    assert found.left_out == {"Failed": len(SALES) - len(kept)}


def test_truth_does_not_hang_on_one_shop(tmp_path: Path) -> None:
    """Few, and many, orders and buyers."""
    for orders, buyers, seed in ((60, 20, 1), (500, 90, 2)):
        made = sales(orders, buyers, seed)
        for kind in (order_lines, receipts):
            export = kind(made)
            assert said(checked(export.written(tmp_path / "orders.csv"))) == export.truth
