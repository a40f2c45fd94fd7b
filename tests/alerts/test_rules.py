"""Alert rules: of whom they warn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.alerts.rules import ScoredNow, columns_of, declared
from foretell.project.errors import InputError
from foretell.project.place import Place
from made_past import rule

TABLE = pa.table(
    {
        "customer_id": ["a", "b", "c", "d"],
        "p_churn": [0.9, 0.7, 0.2, None],
        "p_purchase": [0.1, 0.3, 0.8, 0.5],
        "expected_spend": [900.0, 100.0, 900.0, 900.0],
        "segment": ["At risk", "At risk", "Champions", None],
        "reasons": [["x"], [], None, ["y"]],
    }
)
NOW = columns_of(TABLE)
BEFORE = {
    "p_purchase": np.array([0.4, 0.35, 0.8, np.nan]),
    "segment": np.array(["Champions", "At risk", "Champions", "Lost"], dtype=object),
}


def warned(scored: ScoredNow, **declared: object) -> list[int]:
    return np.flatnonzero(rule(**declared).holds(scored)).tolist()


def test_every_condition_must_hold() -> None:
    scored = ScoredNow(NOW, BEFORE, {"At risk": np.array([0.5, 0.5, 0.6, 0.9])})
    assert warned(scored, when="p_churn > 60 % and expected_spend > 500") == [0]
    assert warned(scored, when="p_churn is null") == [3]
    assert warned(scored, change="p_purchase fell by 20 points") == [0]
    assert warned(scored, move="* -> At risk") == [0]
    assert warned(scored, move="Champions -> At risk, p >= 40 %") == [2]
    assert warned(scored, when="p_churn > 60 %", change="p_purchase fell by 1 point", move="* -> At risk") == [0]
    assert warned(scored, when="p_churn < 60 %", change="p_purchase fell by 1 point") == []


def test_what_compares_with_a_run_before_warns_of_nobody_without_one() -> None:
    assert warned(ScoredNow(NOW), change="p_purchase changed by 1 point") == []
    assert warned(ScoredNow(NOW, {}), change="p_purchase changed by 1 point") == []
    assert warned(ScoredNow(NOW), move="* -> At risk") == []


def test_numbers_and_texts_are_read_with_their_nulls() -> None:
    assert set(NOW) == {"customer_id", "p_churn", "p_purchase", "expected_spend", "segment"}
    assert np.isnan(NOW["p_churn"][3])
    assert NOW["segment"][3] is None


def test_a_rule_says_what_it_reads() -> None:
    made = rule(when="p_churn > 1 %", change="p_purchase fell by 1 point", move="* -> Lost", cooldown="2w")
    assert made.names == ("p_churn", "p_purchase", "segment")
    assert made.compares == ("p_purchase", "segment")
    assert made.cooldown_days == 14
    assert rule(move="A -> B, p >= 5 %").compares == ()


@pytest.mark.parametrize(
    "declared",
    [{"when": "p_churn >"}, {"when": "age > 3"}, {"change": "segment fell by 3"}, {"move": "A - B"}],
)
def test_a_mistake_names_the_alert(declared: dict[str, str]) -> None:
    with pytest.raises(InputError, match="alert 'made'"):
        rule(**declared)


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
