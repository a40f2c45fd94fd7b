"""The alerts of a project are those that the declaration beside its state names."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.alerts.declared import declared
from foretell.project.errors import InputError
from foretell.project.place import Place

SOURCE = '[[sources]]\npath = "orders.csv"\ncolumns = { customer = "c" }\n'
ALERT = '[[alerts]]\nname = "leaving"\nwhen = "p_churn > 60 %"\ndeliver = ["webhook:crm"]\n'
DELIVERY = '[[deliveries]]\nname = "crm"\nkind = "webhook"\nurl = "https://crm.example.com/in"\n'
SIGNED = 'secret_env = "FORETELL_WEBHOOK_SECRET"\n'


def place_in(folder: Path, text: str) -> Place:
    path = folder / "foretell.toml"
    path.write_text(SOURCE + text)
    return Place.of_declaration(path, "elsewhere/out")


def test_without_a_declaration_there_are_none(tmp_path: Path) -> None:
    assert declared(Place.of_results(tmp_path / "out")) == ((), ())


def test_a_declaration_without_alerts_has_none(tmp_path: Path) -> None:
    assert [list(parts) for parts in declared(place_in(tmp_path, ""))] == [[], []]


def test_they_are_found_beside_the_state_wherever_the_results_are(tmp_path: Path) -> None:
    alerts, deliveries = declared(place_in(tmp_path, ALERT + DELIVERY + SIGNED))
    assert [(part.name, part.when, list(part.deliver)) for part in alerts] == [
        ("leaving", "p_churn > 60 %", ["webhook:crm"])
    ]
    assert [(part.name, part.kind) for part in deliveries] == [("crm", "webhook")]


def test_an_alert_whose_delivery_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        declared(place_in(tmp_path, ALERT))
    assert "webhook:crm" in str(refused.value)


def test_a_damaged_declaration_is_refused(tmp_path: Path) -> None:
    place = place_in(tmp_path, "")
    (tmp_path / "foretell.toml").write_text("[[alerts")
    with pytest.raises(InputError, match="declaration"):
        declared(place)
