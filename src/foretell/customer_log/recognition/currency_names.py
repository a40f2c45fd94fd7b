"""The currency that the name of a column of money tells."""

from __future__ import annotations

import re

CODES = tuple(
    "USD EUR GBP CHF CAD AUD NZD JPY CNY INR KRW HKD SGD SEK NOK DKK PLN CZK HUF RON BRL MXN ZAR".split()  # noqa: SIM905
)
"""ISO 4217 codes of common currencies that are no words of a language people name columns in."""


def currency_in(name: str) -> str:
    """The currency in a column's name, as an ISO code; empty where there is none, or more than one.

    >>> [currency_in(name) for name in ("unit_price_gbp", "amountUSD", "total (EUR)", "amount", "usd_eur_amount")]
    ['GBP', 'USD', 'EUR', '', '']
    """
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    found = {word.upper() for word in re.findall(r"[A-Za-z]+", apart)} & set(CODES)
    return found.pop() if len(found) == 1 else ""
