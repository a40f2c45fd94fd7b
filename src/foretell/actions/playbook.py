"""A declared playbook, understood: its rules read, its template filled in, its offers found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from foretell.actions.templates import REST, PlaybookTemplate, filled_in, template_of
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon
from foretell.project.parts.actions import OfferPart, PlaybookPart, offers_of
from foretell.project.parts.alerts import parse_wait
from foretell.project.place import Place
from foretell.segments.conditions import Kind
from foretell.segments.rules import Rule, parse_rule

ID = "customer_id"
TREATED, CONTROL = "treated", "control"
EXAMPLE = '[[playbooks]]\nname = "win back"\ntemplate = "win back"\noffers = ["letter"]'


@dataclass(frozen=True)
class Playbook:
    """A playbook as it is used. `part` is the declared one with its template filled in; `when` says of whom it is,
    `never` whom it leaves alone (None: nobody). Without an offer the treated get nothing but what the owner sends."""

    part: PlaybookPart
    offers: tuple[OfferPart, ...]
    when: Rule
    never: Rule | None = None

    @property
    def name(self) -> str:
        """The declared name."""
        return self.part.name

    @property
    def template(self) -> PlaybookTemplate:
        """The template, or what holds without one."""
        return template_of(self.part)

    @property
    def is_rest(self) -> bool:
        """Whether the treated are those who are *not* contacted: what is written is a list of whom to leave out."""
        return self.part.template == REST

    @property
    def arms_in_words(self) -> dict[str, str]:
        """What the treated arm and the control arm get."""
        if self.is_rest:
            return {TREATED: "rest: left out of every mailing", CONTROL: "as usual"}
        return {TREATED: "contacted", CONTROL: "not contacted by this playbook"}

    @property
    def window_days(self) -> int:
        """Days from the assignment on over which the goal is judged."""
        return parse_horizon(self.part.window)

    @property
    def cooldown_days(self) -> int:
        """Days after a contact by this playbook in which it contacts nobody again."""
        return parse_wait(self.part.cooldown)

    @property
    def cooldown_all_days(self) -> int:
        """Days after a contact by anybody in which it contacts nobody."""
        return parse_wait(self.part.cooldown_all)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that its rules read."""
        return tuple(dict.fromkeys((*self.when.names, *(self.never.names if self.never else ()))))


def playbook_of(part: PlaybookPart, offers: Sequence[OfferPart], known: Mapping[str, Kind]) -> Playbook:
    """A declared playbook about columns of these names and kinds; InputError where a rule names others, an offer is
    not declared, or what it does and what its template is for do not go together."""
    whole = filled_in(part)
    own = offers_of(part, offers)
    _refuse_misused(part, own)
    when = _read(whole.when, part.name, known)
    return Playbook(whole, own, when, _read(whole.never, part.name, known) if whole.never else None)


def declared_playbooks(place: Place) -> tuple[Sequence[PlaybookPart], Sequence[OfferPart]]:
    """The playbooks and offers that the declaration beside the state names; nothing without one."""
    path = place.state.parent / FILE_NAME
    if not path.is_file():
        return (), ()
    found = read_declaration(path)
    return found.playbooks, found.offers


def playbook_named(name: str, parts: Sequence[PlaybookPart]) -> PlaybookPart:
    """The declared playbook of that name; InputError with the known ones."""
    found = next((part for part in parts if part.name == name), None)
    if found is None:
        known = ", ".join(part.name for part in parts)
        raise InputError(
            "There is no such playbook.",
            file=FILE_NAME,
            found=name,
            expected=f"one of: {known}" if known else "a [[playbooks]] part",
            hint="" if known else EXAMPLE,
        )
    return found


def _refuse_misused(part: PlaybookPart, offers: Sequence[OfferPart]) -> None:
    reducing = next((offer for offer in offers if offer.share_off or offer.money_off), None)
    if part.template == "nurture" and reducing is not None:
        raise InputError(
            f"The playbook {part.name!r} nurtures: it takes nothing off.",
            file=FILE_NAME,
            found=f"offer {reducing.name!r} takes off {reducing.takes_off}",
            expected="offers of content or service (they would buy much anyhow; a discount would be paid on all of it)",
            hint="leave takes_off out, or give the playbook a rule (when) in place of the template",
        )
    if part.template == REST and offers:
        raise InputError(
            f"The playbook {part.name!r} leaves people alone: it sends no offer.",
            file=FILE_NAME,
            found=f"offers = {[offer.name for offer in offers]}",
            expected="no offers; act writes whom to leave out of mailings",
        )


def _read(text: str, name: str, known: Mapping[str, Kind]) -> Rule:
    """A rule; ids, which may be texts or numbers, are taken as what it compares them with."""
    kinds = {own: kind for own, kind in known.items() if own != ID}
    try:
        return parse_rule(text, kinds | {ID: "text"})
    except InputError as error:
        if ID in text:
            try:
                return parse_rule(text, kinds | {ID: "number"})
            except InputError:
                pass
        raise replace(error, what=f"{error.what[:-1]} (playbook {name!r}).", file=FILE_NAME) from None
