"""A page that a manager reads: each state of a campaign says what it is, and what is not known."""

from __future__ import annotations

import pytest

from foretell.outcomes.campaign import CampaignResult
from foretell.outcomes.in_words import about, figures, headline, how_sure, lines
from outcomes.results_made import drawn, result


def stopped() -> CampaignResult:
    """Two in three of the arms were meant to be treated, and every other one was."""
    who = drawn()
    who.propensity[:] = 2 / 3
    return result(who)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (result(), "It paid: +"),
        (result(added=-0.2), "It cost more than it brought: −"),
        (result(drawn(600), added=0.03), "Whether it paid is not shown: anything from −"),
        (result(drawn(complete=0.5), added=0.3), "It paid so far: +"),
        (result(drawn(complete=0.0)), "Too early to tell: 0 of 4,000 windows are over, the last on 2024-10-10."),
        (result(drawn(share=1.0)), "nobody was kept aside"),
        (stopped(), "No claim: the arms are not as large as they were drawn"),
    ],
)
def test_the_headline_says_whether_it_paid(found: CampaignResult, said: str) -> None:
    assert said in headline(found, "EUR")
    assert lines(found)[0].startswith("win back 1: ")


def test_figures_have_their_ranges_and_their_currency() -> None:
    found = result()
    told = dict(figures(found, "EUR"))
    assert told["What they cost"] == "1,000.00 EUR"
    assert told["Orders added"].startswith(f"+{found.money.orders:,.1f} [+")
    (everybody,) = [figure for what, figure in told.items() if "had all 4,000" in what]
    assert everybody.startswith(f"+{found.money.of_all:,.0f} EUR [+")


def test_what_is_not_sure_is_said() -> None:
    early = result(drawn(complete=0.5), fates={"dropped out": 3}, notes=("margin counts as 100 % of spend",))
    assert "however often you look" in how_sure(early)[0]
    assert not any("outcome is empty" in one for one in how_sure(early))
    out = (
        "3 treated customers dropped out, since they may not be contacted any more; counted in their arm all the same."
    )
    assert out in how_sure(early)
    handed = how_sure(result(fates={"sent": 9, "refused": 1}))
    assert any("9 treated customers known to have been handed over" in one for one in handed)
    assert any("1 treated customer dropped out, since what sends the message refused" in one for one in handed)
    assert how_sure(early)[-1] == "Margin counts as 100 % of spend."
    assert "approved by Ann; 2,000 of 4,000 windows of 30 days are over" in about(early)
    assert "an effect is shown" in " ".join(how_sure(result().called(True, 1)))
    few = how_sure(result(drawn(60)))
    assert any(one.startswith("Warning: under 50") for one in few)
    apart = result(explored=result(drawn(200)).found)
    assert any("whom nobody chose, 100 were contacted at random" in one for one in how_sure(apart))
