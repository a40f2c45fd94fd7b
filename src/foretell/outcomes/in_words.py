"""A campaign's result as a manager reads it: did it pay, what came of it, how sure is that, and when to look again."""

from __future__ import annotations

from foretell.experiments.comparison import Comparison
from foretell.outcomes.campaign import CampaignResult, bounds
from foretell.outcomes.offers import better
from foretell.words.wording import counted, percent, shown

MINUS = "−"
EXPLAINED = ("comparisons: corrected", "left out, as the outcome is empty")
"""Warnings that the page says in its own way: e-BH judges goals that were declared before the draw, and whose window
is open does not count yet."""
FATES_SAID = {
    "sent": "known to have been handed over to what sends the message",
    "dropped out": "dropped out, since they may not be contacted any more; counted in their arm all the same",
    "refused": "dropped out, since what sends the message refused them; counted in their arm all the same",
}
NAMES = {"ordered": "share who ordered", "orders": "orders", "spend": "spend", "profit": "profit"}


def headline(result: CampaignResult, currency: str = "") -> str:
    """Whether it paid, in one sentence."""
    money, profit = result.money, result.of("profit")
    if result.found is None:
        return "Whether it paid cannot be told: nobody was kept aside to compare with."
    if profit is not None and profit.is_stopped:
        return "No claim: the arms are not as large as they were drawn, so customers were lost or added in one of them."
    if money.profit is None or money.low is None or money.high is None:
        over = f"{result.complete:,} of {result.drawn:,} windows are over"
        return f"Too early to tell: {over}, the last on {result.ripe_on}."
    over = "" if result.is_ripe else " so far"
    if money.low > 0:
        return f"It paid{over}: {_money(currency, money.profit)} of profit."
    if money.high < 0:
        return f"It cost more than it brought{over}: {_money(currency, money.profit)}."
    ends = f"{_money(currency, money.low)} to {_money(currency, money.high)}"
    return f"Whether it paid is not shown{over}: anything from {ends} fits."


def figures(result: CampaignResult, currency: str = "") -> list[tuple[str, str]]:
    """What is counted, and its figure, a row each."""
    money, unit = result.money, f" {currency}" if currency else ""
    rows = [("Contacts whose window is over", f"{money.contacts:,}"), ("What they cost", f"{money.cost:,.2f}{unit}")]
    if money.orders is not None:
        rows.append(("Orders added", f"{_signed(money.orders, 1)}{_range(result, 'orders', 1)}"))
    if money.spend is not None:
        rows.append(("Spend added", f"{_signed(money.spend, 0)}{unit}{_range(result, 'spend', 0)}"))
    if money.profit is not None:
        rows.append(
            ("Profit, after margin, contacts and offers",
             f"{_signed(money.profit, 0)}{unit}{_bracket(money.low, money.high, 0)}")
        )  # fmt: skip
    if money.of_all is not None and money.everybody > money.contacts:
        told = f"{_signed(money.of_all, 0)}{unit}{_bracket(money.of_all_low, money.of_all_high, 0)}"
        rows.append((f"Profit had all {money.everybody:,} been contacted", told))
    for one in result.by_offer:
        orders, profit = one.of("orders"), one.of("profit")
        rows.append((f"{shown(one.offer)}: contacts", f"{one.contacts:,}"))
        for what, own, sign in (("orders", orders, ""), ("profit", profit, unit)):
            if own is not None and own.effect is not None:
                each = f"{_signed(own.effect, 2)}{sign}{_bracket(*bounds(own, result.is_ripe), 2)}"
                rows.append((f"{shown(one.offer)}: {what} added, a contact", each))
    return rows


def about(result: CampaignResult) -> str:
    """Who was drawn, for what, who approved it, and how much of it is over."""
    counts = result.found.counts if result.found else {}
    arms = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items(), reverse=True))
    by = f", approved by {', '.join(result.approved_by)}" if result.approved_by else ""
    window = f"windows of {result.campaign.window_days} days are over"
    so_far = f"{result.complete:,} of {result.drawn:,} {window}, the last on {result.ripe_on}"
    over = f"all {window}" if result.is_ripe else so_far
    return f"{arms or counted(result.drawn, 'customer')}{by}; {over}."


def how_sure(result: CampaignResult) -> list[str]:
    """What the intervals mean, what the goal says, and what stands against believing it; a sentence each."""
    told = []
    if result.found is not None and result.money.low is not None:
        told.append(
            "Ranges hold 95 times in 100, for one look when all windows are over."
            if result.is_ripe
            else "Not all windows are over: ranges are the wider ones, which hold however often you look."
        )
    goal = result.goal
    if goal is not None and goal.effect is not None and goal.control_mean is not None and goal.arm_mean is not None:
        by = f"; beside {counted(result.beside, 'other campaign')} (e-BH)" if result.beside else ";"
        called = "an effect is shown" if result.is_called else "an effect is not shown"
        told.append(
            f"Goal, {NAMES[goal.outcome]}: {_level(goal.arm_mean, goal)} a customer contacted against "
            f"{_level(goal.control_mean, goal)} kept aside{by} {called}."
        )
    if result.by_offer:
        told.append(_which_is_better(result))
    for fate, count in result.fates.items():
        told.append(f"{counted(count, 'treated customer')} {FATES_SAID[fate]}.")
    if result.explored is not None:
        own = next((one for one in result.explored.comparisons if one.outcome == "profit"), None)
        if own is not None and own.effect is not None:
            each = f"{_signed(own.effect, 2)} of profit a contact{_bracket(*bounds(own, result.is_ripe), 2)}"
            told.append(f"Of those whom nobody chose, {own.n_arm:,} were contacted at random: {each}.")
    warnings = dict.fromkeys(text for one in (result.of("profit"), goal) if one is not None for text in one.warnings)
    told += [f"Warning: {one}." for one in warnings if not any(part in one for part in EXPLAINED)]
    return [*told, *(f"{note[:1].upper()}{note[1:]}." for note in result.notes)]


def lines(result: CampaignResult, currency: str = "") -> list[str]:
    """The whole page as text."""
    rows = figures(result, currency)
    width = max(len(name) for name, _ in rows)
    return [
        f"{result.campaign.name}: {headline(result, currency)}",
        f"  {about(result)}",
        *(f"  {name:<{width}}  {figure}" for name, figure in rows),
        *(f"  {one}" for one in how_sure(result)),
    ]


def _which_is_better(result: CampaignResult) -> str:
    beside = "Each offer is compared with those who were kept from that offer"
    if not result.is_ripe:
        return f"{beside}; which is better is told when all windows are over."
    pair = better(result.by_offer)
    if pair is None:
        return f"{beside}; that one brings more profit than another is not shown."
    return f"{beside}; {shown(pair[0])} brings more profit a contact than {shown(pair[1])}: that is shown."


def _range(result: CampaignResult, outcome: str, places: int) -> str:
    one = result.of(outcome)
    if one is None:
        return ""
    low, high = bounds(one, result.is_ripe)
    contacts = result.money.contacts
    if low is None or high is None:
        return ""
    return _bracket(low * contacts, high * contacts, places)


def _bracket(low: float | None, high: float | None, places: int) -> str:
    return "" if low is None or high is None else f" [{_signed(low, places)}, {_signed(high, places)}]"


def _signed(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    return text if not text.strip("0.,") else f"{'+' if value > 0 else MINUS}{text}"


def _money(currency: str, value: float) -> str:
    return f"{_signed(value, 0)} {currency}".rstrip()


def _level(value: float, one: Comparison) -> str:
    return percent(value, 1) if one.is_share else f"{value:,.3g}"
