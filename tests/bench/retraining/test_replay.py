"""Replays: a model that is as good as the others is hardly ever rolled back, a spoiled one is, a better one stays."""

from __future__ import annotations

from dataclasses import replace

from bench.retraining.replay import BASELINE, CHAMPION, PREDECESSOR, World, replayed
from bench.retraining.run import Measured, measured, page

NULL = World("nothing", customers=250, days=112)
USUAL = {CHAMPION: 0.4, PREDECESSOR: 0.4, BASELINE: 0.8}


def test_of_models_that_are_alike_at_most_one_in_twenty_is_rolled_back() -> None:
    found = [replayed(NULL, seed).day for seed in range(200)]
    assert sum(day is not None for day in found) <= 0.05 * 200


def test_a_spoiled_champion_is_caught_and_a_better_one_stays() -> None:
    spoiled = replace(NULL, noise=USUAL, shuffled=1.0)
    days = [replayed(spoiled, seed).day for seed in range(20)]
    assert all(day is not None and day <= 60 for day in days)
    better = replace(NULL, noise={CHAMPION: 0.2, PREDECESSOR: 0.8, BASELINE: 0.8})
    assert [replayed(better, seed).day for seed in range(20)] == [None] * 20


def test_when_the_world_turns_what_follows_it_takes_over() -> None:
    turned = replace(NULL, noise=USUAL, turns=40, customers=1_000)
    found = replayed(turned, 1)
    assert found.against == BASELINE
    assert found.day is not None
    assert found.day > 40
    assert replayed(turned, 1) == found


def test_the_page_tells_what_falls_short_first() -> None:
    often = Measured(NULL, 10, 0.2, (16.0, 20.0, 30.0), "baseline, 8 days 100 %")
    told = page([often], [], [measured(replace(NULL, shuffled=1.0), 2)])
    assert "- nothing: 20.0 % rolled back by mistake, above 5 %." in told.split("## How")[0]
    assert "| 20.0 % |" in " ".join(told.split()).replace(" |", " |")
