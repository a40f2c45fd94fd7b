"""The roles of columns are guessed from names and values, and asked for where both are silent."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest

from foretell.customer_log.recognition.columns import guess
from foretell.customer_log.roles.column_names import ROLE_NAMES
from foretell.customer_log.roles.named_columns import ROLES, columns_of, parse_columns
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")


def sample(text: str) -> pa.Table:
    names, *rows = csv.reader(io.StringIO(text.strip()))
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


SHOPS = {
    "Online Retail": (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,85123A,X,6,12/1/2010 8:26,2.55,17850,UK\n536366,85123A,X,7,12/13/2010 8:26,2.55,17851,UK",
        {"customer": "CustomerID", "time": "InvoiceDate", "order": "InvoiceNo", "product": "StockCode",
         "quantity": "Quantity", "unit_price": "UnitPrice", "country": "Country"},
    ),
    "Complete Journey": (
        "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,week,"
        "transaction_timestamp\n"
        "1,436,31317046240,823721,1,2.99,0.5,0,2,2017-01-07 18:55:24\n"
        "2,437,31317046241,823722,2,4.98,0.5,0,3,2017-01-14 18:55:24",
        {"customer": "household_id", "time": "transaction_timestamp", "amount": "sales_value", "order": "basket_id",
         "product": "product_id", "quantity": "quantity", "discount": "retail_disc"},
    ),
    "Shopify": (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Refunded Amount,Id\n"
        "#1001,a@x.org,paid,2023-01-02 10:00:00 +0100,EUR,30.00,5.00,5.59,35.00,0.00,"
        "2023-01-02 09:59:58 +0100,2,Mug,10.00,M-1,A,0.00,4501\n"
        "#1001,a@x.org,,,,,,,,,2023-01-02 09:59:58 +0100,1,Cup,10.00,C-1,,,\n"
        "#1002,b@x.org,paid,2023-02-02 10:00:00 +0100,EUR,10.00,5.00,5.59,15.00,0.00,"
        "2023-02-02 09:59:58 +0100,1,Mug,10.00,M-1,B,15.00,4502",
        {"customer": "Email", "time": "Created at", "order": "Name", "quantity": "Lineitem quantity",
         "unit_price": "Lineitem price", "product": "Lineitem sku", "currency": "Currency",
         "discount": "Discount Amount"},
    ),
    "Magento": (
        "increment_id,store_id,created_at,updated_at,customer_email,customer_id,grand_total,base_grand_total,"
        "tax_amount,discount_amount\n"
        "100000001,1,2023-01-02 10:00:00,2023-01-03 10:00:00,a@x.org,7,35.00,35.00,5.00,0\n"
        "100000002,1,2023-02-02 10:00:00,2023-02-03 10:00:00,b@x.org,8,45.00,45.00,5.00,0",
        {"customer": "customer_id", "time": "created_at", "order": "increment_id", "amount": "grand_total",
         "discount": "discount_amount"},
    ),
    "German": (
        "Kundennummer,Rechnungsdatum,Rechnungsnummer,Artikelnummer,Menge,Einzelpreis,MwSt,Gesamtbetrag\n"
        '7,13.01.2023,R1,A1,2,"10,50",19,"21,00"\n8,14.01.2023,R2,A2,1,"5,50",19,"5,50"',
        {"customer": "Kundennummer", "time": "Rechnungsdatum", "order": "Rechnungsnummer", "product": "Artikelnummer",
         "quantity": "Menge", "amount": "Gesamtbetrag"},
    ),
    "French": (
        "Code client,Date de commande,Numéro de commande,Quantité,Prix unitaire,TVA,Remise\n"
        '7,13/01/2023,R1,2,"10,50",20,1\n8,14/01/2023,R2,1,"5,50",20,0',
        {"customer": "Code client", "time": "Date de commande", "order": "Numéro de commande", "quantity": "Quantité",
         "unit_price": "Prix unitaire", "discount": "Remise"},
    ),
    "Spanish": (
        "ID Cliente,Fecha,Nº Pedido,Importe,Descuento\n7,13/01/2023,R1,10.5,1\n8,14/01/2023,R2,5.5,0",
        {"customer": "ID Cliente", "time": "Fecha", "order": "Nº Pedido", "amount": "Importe",
         "discount": "Descuento"},
    ),
    "Italian": (
        "Codice cliente,Data ordine,Numero ordine,Importo,Sconto\n7,13/01/2023,R1,10.5,1\n8,14/01/2023,R2,5.5,0",
        {"customer": "Codice cliente", "time": "Data ordine", "order": "Numero ordine", "amount": "Importo",
         "discount": "Sconto"},
    ),
    "Dutch": (
        "Klantnummer,Besteldatum,Bestelnummer,Bedrag,BTW\n7,13-01-2023,R1,10.5,1\n8,14-01-2023,R2,5.5,0",
        {"customer": "Klantnummer", "time": "Besteldatum", "order": "Bestelnummer", "amount": "Bedrag"},
    ),
    "Portuguese": (
        "ID do cliente,Data da compra,Número do pedido,Valor total,Desconto\n7,13/01/2023,R1,10.5,1\n"
        "8,14/01/2023,R2,5.5,0",
        {"customer": "ID do cliente", "time": "Data da compra", "order": "Número do pedido", "amount": "Valor total",
         "discount": "Desconto"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("shop", SHOPS)
def test_the_exports_of_shops_need_no_question(shop: str) -> None:
    text, expected = SHOPS[shop]
    found = guess(sample(text), now=NOW)
    assert found.doubts == ()
    assert found.chosen() == expected
    assert found.columns() == columns_of(expected)
    assert all(0 < role.confidence <= 1 and role.why for role in found.roles.values())


def test_names_that_mean_nothing_are_asked_about() -> None:
    found = guess(sample("a,b,c\n1,2020-01-13,3.5\n2,2020-01-14,4.5"), now=NOW)
    assert [(doubt.role, doubt.options) for doubt in found.doubts] == [("customer", ("a",)), ("amount", ("c",))]
    assert found.doubts[0].line == 'columns = { customer = "a", time = "b", amount = "c" }'
    assert found.doubts[0].option == "--columns customer=a,time=b,amount=c"
    with pytest.raises(InputError, match="Which column identifies the customer") as caught:
        found.columns()
    assert found.doubts[0].line in (caught.value.hint or "")


def test_two_amounts_that_differ_are_asked_about_and_two_that_do_not_are_not() -> None:
    text = "customer_id,date,net_amount,gross_amount\n1,2020-01-13,10,{}\n2,2020-01-14,20,{}"
    assert [d.options for d in guess(sample(text.format(12, 24)), now=NOW).doubts] == [("net_amount", "gross_amount")]
    assert guess(sample(text.format(10, 20)), now=NOW).doubts == ()


def test_the_total_of_an_order_is_not_the_amount_of_each_line() -> None:
    head = "customer_id,date,order_id,order_total,{}\n"
    rows = "".join(f"{i},2020-01-13,{i},{i * 3}.5,{line},2.25\n" for i in range(20) for line in (1, 2))
    found = guess(sample(head.format("quantity,price") + rows), now=NOW)
    assert (found.chosen().get("amount"), found.chosen()["unit_price"], found.doubts) == (None, "price", ())
    asked = guess(sample(head.format("line,size") + rows), now=NOW)
    assert (asked.doubts, asked.chosen()["amount"], asked.amount_of) == ((), "order_total", "order")
    assert asked.notes == ("the money in order_total is that of the whole order, and counts once",)
    same = "".join(f"{i},2020-01-13,{i},9.5,{line},2.25\n" for i in range(20) for line in (1, 2))
    assert [doubt.role for doubt in guess(sample(head.format("line,size") + same), now=NOW).doubts] == ["amount"]


@pytest.mark.parametrize("name", ["customer_id", "Kundennummer", "klant"])
def test_one_customer_alone_is_the_customer(name: str) -> None:
    head = f"{name},date,amount,sku,country\n"
    found = guess(
        sample(head + "".join(f"A,2020-01-{day:02d},{day}.5,P{day % 5},NL\n" for day in range(1, 29))), now=NOW
    )
    assert (found.doubts, found.chosen()["customer"]) == ((), name)
    assert "1 value in 28 rows" in found.roles["customer"].why


def test_a_column_of_one_value_is_the_customer_by_its_name_alone() -> None:
    head = "shop,date,amount,{}\n"
    rows = "".join(f"A,2020-01-{day:02d},{day}.5,a{day}@x.org\n" for day in range(1, 29))
    assert guess(sample(head.format("email") + rows), now=NOW).chosen()["customer"] == "email"
    assert [doubt.options for doubt in guess(sample(head.format("x") + rows), now=NOW).doubts] == [("x",)]


@pytest.mark.parametrize("placeholder", ["1900-01-01", "2999-12-31", "0001-01-01 00:00:00"])
@pytest.mark.parametrize("good", [0, 10])
def test_a_time_of_placeholders_is_called_that(placeholder: str, good: int) -> None:
    dates = [placeholder] * 20 + ["2020-01-13"] * good
    found = guess(
        sample("customer_id,date,amount\n" + "".join(f"{i},{day},3.5\n" for i, day in enumerate(dates))), now=NOW
    )
    (doubt,) = found.doubts
    assert f"{20 / len(dates):.0%} of date look like placeholders, such as {placeholder[:10]}" in doubt.question
    assert doubt.options == ("date",)


def test_product_numbers_are_no_placeholders() -> None:
    found = guess(sample("customer_id,sku,amount\n" + "".join(f"{i},{85123 + i},3.5\n" for i in range(30))), now=NOW)
    assert [doubt.question for doubt in found.doubts] == [
        "No column is seen to hold dates. Which is the time of the order?"
    ]


def test_what_is_given_is_not_questioned() -> None:
    table = sample("a,b,c\n1,2020-01-13,3.5\n2,2020-01-14,4.5")
    given = {"customer": "a", "amount": "c"}
    assert guess(table, given, now=NOW).columns() == Columns("a", "b", amount="c")


def test_rows_after_the_cutoff_do_not_speak() -> None:
    known = "customer_id,date,net_amount,gross_amount\n1,2020-01-13,10,10\n"
    as_of = parse_day("2020-02-01", "UTC")
    assert guess(sample(known + "2,2020-03-01,20,24"), now=NOW, as_of=as_of).doubts == ()


def test_columns_as_an_option() -> None:
    assert parse_columns("customer=a, time=b,amount=c d") == {"customer": "a", "time": "b", "amount": "c d"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("client=a", "customer"),
        ("customer", "role=column"),
        ("customer=a,customer=b", "one column"),
    ],
)
def test_a_wrong_option_says_what_is_known(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_columns(text)
    assert expected in (caught.value.expected or "")


@pytest.mark.parametrize("chosen", [{}, {"customer": "a"}, {"customer": "a", "time": "b"}, {"buyer": "a"}])
def test_too_few_columns_are_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(InputError):
        columns_of(chosen)


def test_every_role_has_names() -> None:
    assert set(ROLE_NAMES) == set(ROLES) - {"state", "line", "customer_2", "customer_3", "product_name"}, (
        "those are told by values"
    )


ATTRIBUTES = {
    "country": ("Country", "ship_country", "Billing Country", "country_code", "Lieferland", "Land", "Pays",
                "País", "Paese"),
    "channel": ("Channel", "sales_channel", "utm_source", "Vertriebskanal", "Canal de vente", "Canal de venta",
                "Canale", "Verkoopkanaal", "Canal de venda"),
    "discount": ("Discount", "discount_amount", "Discount %", "Rabatt", "Remise", "Descuento", "Sconto", "Korting",
                 "Desconto"),
}  # fmt: skip
VALUES = {"country": ("Germany", "Peru"), "channel": ("web", "shop"), "discount": ("10%", "0")}


def orders_with(name: str, first: str, second: str) -> pa.Table:
    return sample(f"customer_id,date,amount,{name}\n1,2020-01-13,10.5,{first}\n2,2020-01-14,20.5,{second}")


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, names in ATTRIBUTES.items() for name in names])
def test_country_channel_and_discount_are_told_by_their_names(role: str, name: str) -> None:
    found = guess(orders_with(name, *VALUES[role]), now=NOW)
    assert found.doubts == ()
    assert found.chosen() == {"customer": "customer_id", "time": "date", "amount": "amount", role: name}


@pytest.mark.parametrize(
    "name",
    ["city", "note", "customer_name", "region", "origin", "country_of_origin", "manufacturer country", "channel notes",
     "source", "landing_page", "segment", "discount_code", "discount reason", "coupon", "kind"],
)  # fmt: skip
def test_no_other_texts_are_taken_for_them(name: str) -> None:
    for values in VALUES.values():
        assert not {"country", "channel", "discount"} & set(guess(orders_with(name, *values), now=NOW).chosen())


def test_values_that_cannot_be_them_are_not() -> None:
    assert "country" not in guess(orders_with("country", "1", "2"), now=NOW).chosen()
    assert "channel" not in guess(orders_with("channel", "2020-01-01", "2020-01-02"), now=NOW).chosen()
    assert "discount" not in guess(orders_with("discount", "SUMMER", "none"), now=NOW).chosen()
    rows = "".join(f"{n},2020-01-13,1.5,Land {n}\n" for n in range(1_500))
    assert "country" not in guess(sample("customer_id,date,amount,country\n" + rows), now=NOW).chosen()
