from __future__ import annotations

from dataclasses import replace

from foretell.pipeline.simulation.losses import losses
from pipeline.simulation.made_up.simulations import shop, simulated


def test_every_shortfall_is_told() -> None:
    told = "\n".join(losses(simulated(shop(1, ours=-2.0, random=1.0, seen=None, within=91))))
    assert "«random» earned 2 a shop, our policy -4; ours was behind in 1 of 1 shop" in told
    assert "«nothing» earned 0" in told
    assert "25 % more buyers were promised than came." in told.replace("\xa0", " ")
    assert "orders were promised" not in told
    assert "held in 91.0 % of 100 redraws" in told.replace("\xa0", " ")
    assert "«orders fall by a third» was not seen in 1 of 1 shop." in told
    assert "4.3 false alarms a month, more than one." in told


def test_what_holds_is_no_loss() -> None:
    told = losses(simulated(shop(1, ours=3.0)))
    assert not [one for one in told if "policy" in one or "intervals" in one or "not seen" in one]


def test_too_few_redraws_tell_nothing_of_intervals() -> None:
    one = shop(1, ours=3.0, within=91)
    few = replace(one, coverage=tuple(replace(covered, redraws=99) for covered in one.coverage))
    assert any("intervals" in told for told in losses(simulated(one)))
    assert not any("intervals" in told for told in losses(simulated(few)))
