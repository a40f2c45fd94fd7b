from __future__ import annotations

from dataclasses import fields

import pytest

from foretell.generated.parameters import CHOSEN, LICENCES, Parameters, described, parameters_table


def test_every_parameter_says_what_it_means_and_where_it_is_from() -> None:
    told = described(Parameters())
    assert [one["name"] for one in told] == [one.name for one in fields(Parameters)]
    assert all(one["meaning"] for one in told)
    assert {one["source"] for one in told} == {CHOSEN, *LICENCES}
    assert all(one["licence"] == LICENCES.get(one["source"], "") for one in told)


def test_shares_are_shares() -> None:
    p = Parameters()
    for shares in (p.weekday_shares, p.age_shares, p.contact_kind_shares, p.other_reason_shares):
        assert sum(shares) == pytest.approx(1, abs=0.01)
        assert min(shares) >= 0
    assert len(p.order_if_treated) == len(p.order_if_control) == len(p.contact_kind_shares)


def test_the_table_shows_each_parameter_and_each_licence() -> None:
    shown = parameters_table(described(Parameters()))
    assert "| `value_p` | 0.67 | Complete Journey | Gamma-Gamma p of order values |" in shown
    assert all(f"{name}: {licence}." in shown for name, licence in LICENCES.items())
