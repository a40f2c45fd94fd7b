"""Events: a name says how far somebody came, however a system spells it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from foretell.customer_log.tables.events import EVENTS, by_customer
from foretell.customer_log.tables.vocabulary import spellings
from read_tables import read_table

ROWS = """customer_id,time,name,channel,product,value
a,2024-05-01 10:00,Product Viewed,web,P1,
a,2024-05-01 10:05,add_to_cart,web,P1,19.90
a,2024-05-01 10:06,Checkout-Started,app,,
a,2024-05-01 10:07,newsletter widget,web,,
a,2024-05-01 10:08,,web,,
b,soon,search,web,,
"""


def test_names_of_events_are_stages_and_a_name_that_is_none_stays_an_event(tmp_path: Path) -> None:
    found = read_table(tmp_path / "events.csv", EVENTS, ROWS)
    assert found.told("name", "stage", "channel", "value") == [
        ("Product Viewed", "viewed", "web", None),
        ("add_to_cart", "added", "web", 199_000),
        ("Checkout-Started", "checkout", "app", None),
        ("newsletter widget", None, "web", None),
    ]
    assert found.rejected == {6: ("name", "no name"), 7: ("time", "not a date")}


def test_a_product_is_kept_as_its_code_alone(tmp_path: Path) -> None:
    codes = [fact["product"] for fact in read_table(tmp_path / "events.csv", EVENTS, ROWS).facts]
    assert isinstance(codes[0], int)
    assert codes == [codes[0], codes[0], None, None]


def test_a_message_that_came_or_was_opened_is_nobodys_doing(tmp_path: Path) -> None:
    names = [
        "Opened Email",
        "Received Email",
        "email_delivered",
        "Clicked Email",
        "Viewed Product",
        "newsletter widget",
    ]
    assert by_customer(pa.array(names)).to_pylist() == [None, None, None, "customer", "customer", "customer"]
    assert not set(spellings("event_stages")) & set(spellings("received_events"))
    opened = ROWS + "a,2024-05-02 10:00,Opened Email,,,\na,2024-05-02 10:01,Clicked Email,,,\n"
    found = read_table(tmp_path / "events.csv", EVENTS, opened)
    assert found.told("name", "stage")[4:] == [("Clicked Email", "content")]
    assert 8 not in found.rejected
