"""What a user declares about acting."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.declaration import Declaration, read_declaration
from foretell.project.errors import InputError
from foretell.project.parts.actions import AUTO, offers_of, parse_share

WHOLE = """
[[sources]]
path = "orders.csv"
columns = { customer = "c" }

[[offers]]
name = "ten percent"
channel = "email"
cost = 0.05
takes_off = "10 %"

[[offers]]
name = "call"
channel = "phone"
cost = 4

[[playbooks]]
name = "win back"
when = "p_churn > 60 %"
offers = ["ten percent", "call"]
budget = 500
capacity = 200
holdout = "30 %"
effect = "3 %"
"""


def read(text: str, folder: Path) -> Declaration:
    path = folder / "foretell.toml"
    path.write_text(text, encoding="utf-8")
    return read_declaration(path)


def test_a_whole_declaration(tmp_path: Path) -> None:
    found = read(WHOLE, tmp_path)
    playbook = found.playbooks[0]
    assert playbook.holdout == pytest.approx(0.3)
    assert playbook.effect == pytest.approx(0.03)
    first, second = offers_of(playbook, found.offers)
    assert (first.share_off, first.money_off, second.share_off, second.money_off) == (0.1, 0.0, 0.0, 0.0)


def test_the_holdout_follows_from_power_unless_it_is_said(tmp_path: Path) -> None:
    assert read(WHOLE.replace('holdout = "30 %"\n', ""), tmp_path).playbooks[0].holdout == AUTO


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"call"]', '"cal"]'), "names an offer that is not declared"),
        (('when = "p_churn > 60 %"\n', ""), "needs to say for whom"),
        (('"10 %"', '"110 %"'), "no share"),
        (('"10 %"', '"ten"'), "takes off cannot be read"),
        (('name = "call"', 'name = "ten percent"'), "Two offers have one name"),
        (("budget = 500", "budgets = 500"), "cannot be used"),
        (("budget = 500", 'valid_from = 2026-03-01\nvalid_until = "2026-02-01"'), "ends before it begins"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    assert change[0] in WHOLE
    with pytest.raises(InputError, match=told):
        read(WHOLE.replace(*change), tmp_path)


@given(st.floats(0, 1))
def test_a_share_is_the_same_as_number_and_as_text(share: float) -> None:
    assert parse_share(share) == share
    assert parse_share(f"{100 * share:.6f} %") == pytest.approx(share, abs=1e-8)


@pytest.mark.parametrize("value", [True, None, -0.1, 1.1, float("nan"), "10", "-3 %", "a %"])
def test_what_is_no_share(value: object) -> None:
    with pytest.raises(InputError, match="no share"):
        parse_share(value)


def test_nobody_is_left_alone_all_year_unless_it_is_said(tmp_path: Path) -> None:
    assert read(WHOLE, tmp_path).actions.global_holdout == 0
    assert read(f'{WHOLE}\n[actions]\nglobal_holdout = "2 %"\n', tmp_path).actions.global_holdout == pytest.approx(0.02)
