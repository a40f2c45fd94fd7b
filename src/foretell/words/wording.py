"""Numbers, names and other people's text as screens and reports write them; `–` is what could not be computed."""

from __future__ import annotations

import math
import re

UNKNOWN = "–"
TIGHT = "\xa0"
"""A space at which no line breaks."""
LONGEST_TEXT = 80
UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]")

MODELS = {
    "blend": "blend of models",
    "base_rate": "base rate",
    "recency": "recency",
    "status_quo": "status quo",
    "own_rate": "own past rate",
    "frequency_money": "frequency × money",
    "rfm_cells": "RFM cells",
    "bg_nbd": "BG/NBD",
    "mbg_nbd": "MBG/NBD",
    "pareto_nbd": "Pareto/NBD",
    "logistic": "logistic regression",
    "poisson_regression": "Poisson regression",
    "rfm_regression": "RFM regression",
    "tweedie_regression": "Tweedie regression",
    "several_horizons_blend": "blend, learned over several horizons",
}
LEAST_MONEY = 0.005


def known(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


def count(value: float | None) -> str:
    """A whole number, thousands apart.

    >>> count(1234.4), count(float("nan"))
    ('1,234', '–')
    """
    return UNKNOWN if value is None or not math.isfinite(value) else f"{_without_minus_zero(value, 0):,.0f}"


def expected(value: float | None) -> str:
    """A mean of counts: a decimal where it is under 10.

    >>> expected(0.77), expected(1234.4)
    ('0.8', '1,234')
    """
    return f"{value:.1f}" if value is not None and math.isfinite(value) and 0 < abs(value) < 10 else count(value)


def counted(value: float, noun: str) -> str:
    """A number with its noun, in the plural where it needs one.

    >>> counted(1, "order"), counted(2400, "order")
    ('1 order', '2,400 orders')
    """
    return f"{count(value)} {noun}{'' if known(value) and round(value) == 1 else 's'}"


def amount(value: float | None, currency: str = "") -> str:
    """Money: pennies only under 100, with the currency where it is given; less than half a penny is nothing.

    >>> amount(1234.5, "GBP"), amount(12.345), amount(1e-7), amount(None)
    ('1,234\\xa0GBP', '12.35', '0', '–')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    places = 2 if 0.005 <= abs(value) < 100 else 0
    return f"{_without_minus_zero(value, places):,.{places}f}{TIGHT}{currency}".strip(TIGHT)


def interval(low: float | None, high: float | None) -> str:
    """Money from low to high; no pennies at the low end where the high one has none.

    >>> interval(0.58, 10853.2), interval(1.5, 20)
    ('1 to 10,853', '1.50 to 20.00')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return UNKNOWN
    return f"{count(low) if abs(high) >= 100 else amount(low)} to {amount(high)}"


def decimals(value: float) -> str:
    """A number with as many digits as it deserves: whole from 10 on, else one decimal, two under a half.

    >>> decimals(12.4), decimals(3.0), decimals(2.54), decimals(0.25), decimals(0.0)
    ('12', '3', '2.5', '0.25', '0')
    """
    if not math.isfinite(value):
        return UNKNOWN
    places = 0 if abs(value) >= 9.95 else 1 if abs(value) >= 0.5 else 2
    text = f"{_without_minus_zero(value, places):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(value: float) -> str:
    """A number with few digits, for the axis of a chart.

    >>> short(250), short(12_500), short(3_000_000)
    ('250', '12.5k', '3M')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def percent(value: float | None, places: int = 0) -> str:
    """A share as a percentage; a chance that is not certain is never written as 0 % or 100 %.

    >>> percent(0.123), percent(0.9999), percent(0.0004), percent(1), percent(0)
    ('12\\xa0%', '>99\\xa0%', '<1\\xa0%', '100\\xa0%', '0\\xa0%')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{_without_minus_zero(100 * value, places):.{places}f}"
    if places == 0 and 0 < value < 1 and text in ("0", "100"):
        text = "<1" if text == "0" else ">99"
    return f"{text}{TIGHT}%"


def change(value: float | None, before: float | None) -> str:
    """How much more or less than before, as a signed percentage; empty where there is nothing to compare with.

    >>> change(110, 100), change(95, 100), change(5, 0)
    ('+10\\xa0%', '−5\\xa0%', '')
    """
    if value is None or before is None or not (math.isfinite(value) and math.isfinite(before) and before > 0):
        return ""
    return signed_percent(value / before - 1)


def signed_percent(value: float | None) -> str:
    """A signed percentage.

    >>> signed_percent(0.056), signed_percent(-0.2), signed_percent(0.001)
    ('+6\\xa0%', '−20\\xa0%', '0\\xa0%')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    rounded = round(100 * value)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded):,}{TIGHT}%"


def decimal(value: float | None, places: int = 3) -> str:
    """A metric, without the zero before the point where it lies between -1 and 1.

    >>> decimal(0.7841), decimal(1.5), decimal(-0.02, 2)
    ('.784', '1.500', '−.02')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{abs(value):,.{places}f}"
    text = text[1:] if text.startswith("0.") else text
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def days(value: float | None) -> str:
    """A length of time in days.

    >>> days(1.2), days(30), days(0.2)
    ('1 day', '30 days', 'under a day')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return "under a day" if value < 0.5 else counted(round(value), "day")


def shown(text: object) -> str:
    """Other people's text on one line: control and direction marks made visible, the middle of a long one left out.

    >>> shown("a\\x00b\\u202ec"), len(shown("x" * 999))
    ('a�b�c', 80)
    """
    plain = UNSHOWABLE.sub("\ufffd", str(text))
    if len(plain) <= LONGEST_TEXT:
        return plain
    half = (LONGEST_TEXT - 1) // 2
    return f"{plain[: LONGEST_TEXT - 1 - half]}…{plain[-half:]}"


def model_name(name: str | None) -> str:
    """A model as people say it.

    >>> model_name("gradient_boosting"), model_name("bg_nbd")
    ('gradient boosting', 'BG/NBD')
    """
    return UNKNOWN if name is None else MODELS.get(name, name.replace("_", " "))


def joined(parts: list[str]) -> str:
    """A list as a sentence says it.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def letters(number: int) -> str:
    """The letters of a group by its number from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


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


def _without_minus_zero(value: float, places: int) -> float:
    return round(value, places) + 0.0


def sentence(text: str) -> str:
    """A clause as a sentence; a name of a file or a column that it begins with keeps its spelling.

    >>> sentence("2 lines repeat"), sentence("the money counts once."), sentence("orders.csv: read")
    ('2 lines repeat.', 'The money counts once.', 'orders.csv: read.')
    """
    first = text.split(" ", 1)[0]
    begun = f"{text[:1].upper()}{text[1:]}" if first.isalpha() else text
    return f"{begun.rstrip('.')}."
