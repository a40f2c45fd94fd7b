"""The state of a sale: which words say that it came about, that it did not, and that it was given back whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.roles.column_names import plain_name
from foretell.customer_log.roles.named_columns import parts_of
from foretell.project.errors import InputError

Standing = Literal["sale", "none", "refund"]
STANDINGS: tuple[Standing, ...] = ("sale", "none", "refund")
MOST_STATES = 40
"""A column with more different values holds something else."""
KNOWN_SHARE = 0.5
BOTH_KNOWN_SHARE = 0.1
"""Enough where some of the known values are sales and others are none: the rest are further states."""
WORDS: Mapping[Standing, tuple[str, ...]] = {
    "sale": (
        "paid", "complete", "completed", "processing", "succeeded", "success", "successful", "settled", "captured",
        "approved", "won", "closed won", "closedwon", "shipped", "delivered",
        "fulfilled", "dispatched", "invoiced", "sold",
        "partially refunded", "partially paid", "partial refund", "partially shipped", "partially fulfilled", "closed",
        "awaiting fulfillment", "awaiting shipment", "awaiting pickup",
        "sales order", "booked", "paid out", "payout", "collected", "confirmed", "received", "ready", "sale", "ok",
        "done", "finished", "accepted", "active", "payment received",
        "bezahlt", "ausgezahlt", "abgeschlossen", "erfolgreich", "versandt", "versendet", "geliefert", "zugestellt",
        "fertig",
        "in bearbeitung", "bestatigt", "teilweise erstattet", "gewonnen", "erledigt",
        "paye", "payee", "termine", "terminee", "reussi", "expedie", "expediee", "livre", "livree", "en cours",
        "confirme", "confirmee", "gagne", "partiellement rembourse", "partiellement remboursee",
        "pagado", "pagada", "completado", "completada", "enviado", "enviada", "entregado", "entregada", "procesando",
        "exito", "ganado", "confirmado", "confirmada", "parcialmente reembolsado",
        "pagato", "pagata", "completato", "completata", "spedito", "spedita", "consegnato", "consegnata",
        "in lavorazione", "riuscito", "vinto", "confermato", "parzialmente rimborsato",
        "betaald", "voltooid", "afgerond", "verzonden", "geleverd", "bezorgd", "gelukt", "in verwerking", "bevestigd",
        "gedeeltelijk terugbetaald", "gewonnen",
        "pago", "paga", "concluido", "concluida", "entregue", "processando", "aprovado", "aprovada",
        "parcialmente reembolsado",
    ),
    "none": (
        "failed", "failure", "cancelled", "canceled", "cancellation", "voided", "void", "lost", "closed lost",
        "closedlost",
        "pending", "pending payment", "on hold", "declined", "denied", "rejected", "expired", "abandoned", "draft",
        "unpaid", "authorized", "authorised", "awaiting payment", "error", "incomplete", "blocked", "disputed",
        "unavailable", "checkout draft", "payment pending", "payment failed", "requires payment method", "trash",
        "not paid", "past due", "payment review", "suspected fraud", "fraud",
        "uncollectible", "deleted", "open quote", "quote", "removed", "uncaptured",
        "quotation", "quotation sent", "bounced", "withdrawn", "not completed", "payment open", "timed out",
        "fehlgeschlagen", "storniert", "abgebrochen", "ausstehend", "abgelehnt", "verloren", "entwurf",
        "annulliert", "abgelaufen", "in wartestellung", "unbezahlt", "zahlung ausstehend", "verfallen",
        "offene zahlung", "zahlung offen",
        "echoue", "echouee", "annule", "annulee", "en attente", "refuse", "refusee", "perdu", "perdue", "brouillon",
        "expire", "expiree", "impaye", "impayee", "abandonne", "echec",
        "fallido", "fallida", "cancelado", "cancelada", "anulado", "anulada", "pendiente", "rechazado", "rechazada",
        "perdido", "perdida", "borrador", "caducado", "en espera", "no pagado",
        "fallito", "fallita", "annullato", "annullata", "in attesa", "rifiutato", "rifiutata", "perso", "persa",
        "bozza", "scaduto", "scaduta", "non pagato", "in sospeso",
        "mislukt", "geannuleerd", "in behandeling", "in afwachting", "afgewezen", "geweigerd", "verlopen", "concept",
        "onbetaald",
        "falhou", "falhado", "pendente", "recusado", "recusada", "aguardando pagamento", "rascunho", "vencido",
        "em espera", "nao pago",
    ),
    "refund": (
        "refunded", "fully refunded", "returned", "charged back", "reversed", "given back", "sent back",
        "erstattet", "ruckerstattet", "zuruckerstattet", "zuruckgegeben", "retourniert", "zuruckgebucht",
        "rembourse", "remboursee", "retourne", "retournee", "reembolsado", "reembolsada", "devuelto", "devuelta",
        "rimborsato", "rimborsata", "reso", "terugbetaald", "geretourneerd", "teruggestort", "devolvido", "devolvida",
        "estornado", "estornada",
    ),
}  # fmt: skip
AMBIGUOUS = (
    "open",
    "offen",
    "ouvert",
    "ouverte",
    "abierto",
    "abierta",
    "aperto",
    "aperta",
    "openstaand",
    "aberto",
    "aberta",
)
"""Words for a quote nobody took up, an invoice not paid yet and an order still to be sent: they must be asked."""
WAITING = (
    "pending", "on hold", "ausstehend", "in wartestellung", "en attente", "pendiente", "en espera", "in attesa",
    "in sospeso", "in behandeling", "in afwachting", "pendente", "em espera",
)  # fmt: skip
"""What waits for its payment has not come about; what waits for its parcel has."""
SENT = (
    "shipped", "delivered", "fulfilled", "dispatched", "partially shipped", "partially fulfilled", "versandt",
    "versendet", "geliefert", "zugestellt", "expedie", "expediee", "livre", "livree", "enviado", "enviada",
    "entregado", "entregada", "spedito", "spedita", "consegnato", "consegnata", "verzonden", "geleverd", "bezorgd",
    "entregue",
)  # fmt: skip
STANDING_OF: Mapping[str, Standing] = {word: standing for standing in STANDINGS for word in WORDS[standing]}
NAMED_STATES = {
    "status", "state", "stage", "bestellstatus", "auftragsstatus", "zahlungsstatus", "zustand", "statut", "etat",
    "estado", "stato", "situacao", "orderstatus",
}  # fmt: skip
SHIPPING = ("fulfillment", "fulfilment", "shipping", "shipment", "delivery", "versand", "liefer", "expedition",
            "livraison", "envio", "spedizione", "verzend", "entrega")  # fmt: skip
"""Parts of the names of columns that tell how far a parcel is: where they say pending, the sale stands."""


def plain_word(text: str) -> str:
    """A state as lower-case words: no accents, no punctuation, no prefix of a shop's software.

    >>> [plain_word(text) for text in ("wc-on-hold", "Partially_Refunded", "Remboursée ", "CLOSED-WON")]
    ['on hold', 'partially refunded', 'remboursee', 'closed won']
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c)).replace("_", " "))
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("wc", "status") else words)


FAILED = (
    "fail", "declin", "denied", "reject", "error", "fehlgeschlagen", "abgelehnt", "verweigert", "echec", "echou",
    "refus", "fallid", "rechaz", "fallit", "rifiut", "mislukt", "geweigerd", "afgewezen", "falhou", "falhad", "recusad",
)  # fmt: skip
"""Parts of words that say that a payment was tried and did not succeed."""


def standing_of(text: str) -> Standing | None:
    """What a word says of its sale; None where it is not known.

    >>> standing_of("Completed"), standing_of("wc-failed"), standing_of("Erstattet"), standing_of("blue")
    ('sale', 'none', 'refund', None)
    """
    return STANDING_OF.get(plain_word(text))


def never_came_about(text: str) -> bool:
    """Whether a word says that a sale failed: no date makes that one which stood until then, as a cancelled one did.

    >>> never_came_about("Payment failed"), never_came_about("Abgelehnt"), never_came_about("Storniert")
    (True, True, False)
    """
    return any(stem in plain_word(text) for stem in FAILED)


def states_in(column: pa.ChunkedArray | pa.Array) -> dict[str, int]:
    """The different values of a column and how often each stands there, the most frequent first."""
    values, positions = distinct(column)
    counts: dict[str, int] = {}
    numbers = np.bincount(positions[positions >= 0], minlength=len(values))
    for text, number in zip(as_text(values).to_pylist(), numbers.tolist(), strict=True):
        if text is not None:
            counts[text] = counts.get(text, 0) + number
    return dict(sorted(counts.items(), key=lambda found: (-found[1], found[0])))


def tells_states(states: Mapping[str, int], column: str = "") -> bool:
    """Whether values are states of a sale: few, most of them known, and one at least that may be no sale; in a column
    that is named as a state, one that is known to be none is enough."""
    if not states or len(states) > MOST_STATES:
        return False
    if NAMED_STATES & set(plain_name(column).split()) and "none" in map(standing_of, states):
        return True
    known = {text: standing_of(text) for text in states if standing_of(text) or plain_word(text) in AMBIGUOUS}
    share = sum(states[text] for text in known) / sum(states.values())
    has_both = "sale" in known.values() and "none" in known.values()
    return share >= (BOTH_KNOWN_SHARE if has_both else KNOWN_SHARE) and any(one != "sale" for one in known.values())


def is_of_parcels(column: str, states: Iterable[str]) -> bool:
    """Whether states tell how far a parcel is, by the name of their column or as all that came about was sent."""
    plain = plain_name(column)
    sold = [word for text in states if standing_of(word := plain_word(text)) == "sale"]
    return any(part in plain for part in SHIPPING) or bool(sold and all(word in SENT for word in sold))


def tells_parcels_alone(column: str, states: Iterable[str]) -> bool:
    """Whether a column that is named after parcels says nothing of the sale: nothing came to nothing, some wait."""
    words = [word for text in states if standing_of(word := plain_word(text)) != "sale"]
    named = any(part in plain_name(column) for part in SHIPPING)
    return named and all(word in (*WAITING, *AMBIGUOUS) or standing_of(word) is None for word in words)


def settled_states(
    given: Mapping[str, str], found: Iterable[str], column: str = ""
) -> tuple[dict[str, Standing], list[str]]:
    """What each value of a column says, by what was declared and else by its word; and the values of which that is not
    known, as of one that waits where states are those of parcels.

    `given` maps values to standings; InputError where one is none.
    """
    found = list(found)
    declared = {plain_word(text): _checked(text, standing) for text, standing in given.items()}
    doubtful = WAITING if is_of_parcels(column, found) else ()
    settled: dict[str, Standing] = {}
    unknown = []
    for text in found:
        word = plain_word(text)
        standing = declared.get(word) or (None if word in doubtful else standing_of(text))
        if standing is None:
            unknown.append(text)
        else:
            settled[text] = standing
    return settled, unknown


def parse_states(text: str) -> dict[str, str]:
    """Value to standing from `Paid=sale,Failed=none`; InputError where it cannot be read.

    >>> parse_states('Paid=sale, On hold = none, "Sent, not paid = none"')
    {'Paid': 'sale', 'On hold': 'none', 'Sent, not paid': 'none'}
    """
    states: dict[str, str] = {}
    for part in parts_of(text):
        name, _, standing = (piece.strip() for piece in part.rpartition("="))
        states[name] = _checked(name, standing)
    return states


def _checked(text: str, standing: str) -> Standing:
    for known in STANDINGS:
        if standing == known:
            return known
    raise InputError(
        "What a state says of its sale is not known.",
        found=f"{text} = {standing}",
        expected="sale, none (it did not come about) or refund (given back whole)",
        hint='states = { "Paid" = "sale", "Failed" = "none" } in foretell.toml, or --states Paid=sale,Failed=none',
    )
