"""What came to a customer's facts since an earlier day, in words."""

from __future__ import annotations

from foretell.words.wording import TIGHT, amount, counted

LEAST_MONEY = 0.005


def happened_since(orders: float, spend: float, refunds: float, refunded: float, currency: str) -> str:
    """What came to a customer's facts since an earlier day, with counts and sums that may be negative where facts were
    taken back; `spend` is what refunds left of it. Empty where nothing came.

    >>> happened_since(2, 128.0, 1, 12.0, "GBP")
    '2 orders since, 140 GBP; 1 refund, 12.00 GBP'
    >>> happened_since(0, -12.0, 1, 12.0, "GBP")
    '1 refund since, 12.00 GBP'
    """
    bought, told = spend + refunded, list[tuple[str, float]]()
    if round(orders):
        fewer = "" if orders > 0 else " fewer"
        told.append((f"{counted(abs(orders), 'order')}{fewer}", abs(bought)))
    elif abs(bought) >= LEAST_MONEY:
        told.append(("more spent on earlier orders" if bought > 0 else "less spent on earlier orders", abs(bought)))
    if round(refunds) or abs(refunded) >= LEAST_MONEY:
        fewer = "" if refunds >= 0 else " fewer"
        told.append((f"{counted(abs(refunds), 'refund')}{fewer}", abs(refunded)))
    return "; ".join(
        f"{what}{' since' if place == 0 else ''}, {amount(money, currency)}" for place, (what, money) in enumerate(told)
    ).replace(TIGHT, " ")
