"""Columns that say yes or no to one question of the sale: cancelled? paid? won?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foretell.customer_log.roles.column_names import plain_name
from foretell.customer_log.roles.states import Standing, plain_word, standing_of

YES = ("true", "yes", "y", "1", "t", "ja", "oui", "si", "sí", "sim", "x", "wahr", "vrai", "1.0")
NO = ("false", "no", "n", "0", "f", "nein", "non", "nee", "nao", "não", "falsch", "faux", "0.0")
OF_SALES = (
    "paid", "captured", "won", "completed", "succeeded", "success", "bezahlt", "paye", "pagado", "pagato", "betaald",
    "pago",
)  # fmt: skip
OF_NONE = (
    "cancelled", "canceled", "voided", "void", "failed", "deleted", "abandoned", "lost", "storniert", "annule",
    "annulee", "cancelado", "cancelada", "anulado", "annullato", "geannuleerd", "test",
)  # fmt: skip
DEALS = ("won", "closed won", "closedwon", "closed lost", "closedlost", "gewonnen", "gagne", "ganado", "vinto")
OF_REFUND = ("refunded", "erstattet", "rembourse", "reembolsado", "rimborsato", "terugbetaald")
STEMS: Mapping[Standing, tuple[str, ...]] = {
    "refund": ("refund", "erstatt", "rembours", "reembols", "rimbors", "terugbetaal", "charged back", "devolv"),
    "none": (
        "cancel", "storn", "annul", "anul", "geannul", "fail", "fehl", "unpaid", "unbezahl", "not paid", "await",
        "waiting",
        "pend", "reject", "declin", "abgelehn", "refus", "rechaz", "rifiut", "lost", "draft", "void", "expire",
        "abandon",
    ),
}  # fmt: skip
"""Parts of words that let a state be guessed, where a person is asked anyway."""
ASKING = ("is", "was", "order", "has", "been", "ist", "est", "es", "e")


def asked_by(column: str) -> Standing | None:
    """What yes says of the sale in a column of that name; None where the name asks nothing of it.

    >>> asked_by("IsWon"), asked_by("order_cancelled"), asked_by("storniert"), asked_by("amount_paid")
    ('sale', 'none', 'none', None)
    """
    words = [word for word in plain_name(column).split() if word not in ASKING]
    if len(words) != 1:
        return None
    told: tuple[tuple[Standing, tuple[str, ...]], ...] = (("sale", OF_SALES), ("none", OF_NONE), ("refund", OF_REFUND))
    return next((standing for standing, known in told if words[0] in known), None)


def says_yes_or_no(column: str, values: Iterable[str]) -> bool:
    """Whether a column answers a question of the sale, with yes in some rows and with no in others."""
    plain = {text.strip().lower() for text in values}
    return asked_by(column) is not None and bool(plain & set(YES)) and bool(plain & set(NO)) and len(plain) == 2


def likeliest_standing(column: str, value: str, others: Iterable[str] = ()) -> Standing:
    """What a value says most likely, where it must be asked: by the question of its column; by the stems in its words;
    beside deals that were won and lost (`others`) that it is none of these; else that it is a sale."""
    yes, plain = asked_by(column), value.strip().lower()
    if yes is None or plain not in (*YES, *NO):
        word = plain_word(value)
        hinted = (standing for standing, stems in STEMS.items() if any(stem in word for stem in stems))
        unheard = next(hinted, None) if standing_of(value) is None else None
        return unheard or ("none" if any(plain_word(text) in DEALS for text in others) else "sale")
    return yes if plain in YES else "none" if yes == "sale" else "sale"
