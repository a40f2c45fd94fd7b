"""What a user declares about other tools: `[[pushes]]` of `foretell.toml`, people and their fields on the way there."""

from __future__ import annotations

import re
from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from foretell.project.errors import InputError
from foretell.project.parts.alerts import DeclaredPart, EnvironmentName, Name

Kind = Literal["hubspot", "salesforce", "mailchimp", "klaviyo", "segment", "csv", "google", "meta"]
FILES: tuple[Kind, ...] = ("csv", "google", "meta")
NEEDED: dict[Kind, tuple[str, ...]] = {
    "hubspot": ("secret_env", "key_property"),
    "salesforce": ("secret_env", "key_property", "url"),
    "mailchimp": ("secret_env", "list", "email"),
    "klaviyo": ("secret_env",),
    "segment": ("secret_env",),
    "csv": (),
    "google": (),
    "meta": (),
}
OBJECTS: dict[str, str] = {"hubspot": "contacts", "salesforce": "Contact"}


class PushPart(DeclaredPart):
    """`[[pushes]]`: a tool, or a file, that people and their fields go to. `secret_env` names the environment variable
    that holds the token; no token stands in a file.

    `key`, `email`, `phone` and the values of `fields` are columns of the people that are given; the names of `fields`
    are the tool's own. `key_property` is where the tool keeps the key, `object` which of its objects, `list` the
    audience or list, for Segment an event. Nobody is made there without `create`; `consent` says that those who are
    made have agreed to be written to. With `once` nobody is sent again who may have been sent already. `url` is
    another address of the tool; `allow_private` lets it lie in one's own network.
    """

    name: Name
    kind: Kind
    key: str = "customer_id"
    email: str = ""
    phone: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    key_property: str = ""
    object: str = ""
    list: str = ""
    secret_env: EnvironmentName = ""
    url: str = ""
    allow_private: bool = False
    create: bool = False
    consent: bool = False
    once: bool = False
    path: str = ""
    calling_code: str = Field(default="", pattern=r"^\d{0,4}$")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the people must have, once each."""
        named = (self.key, self.email, self.phone, *self.fields.values())
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def of_object(self) -> str:
        """The object of the tool, its usual one where none is declared."""
        return self.object or OBJECTS.get(self.kind, "")

    @property
    def is_file(self) -> bool:
        """Whether it writes a file, and calls nobody."""
        return self.kind in FILES

    @model_validator(mode="after")
    def _is_whole(self) -> PushPart:
        missing = [name for name in NEEDED[self.kind] if not getattr(self, name)]
        if self.kind in ("google", "meta") and not self.email and not self.phone:
            missing.append("email, and no phone")
        if missing:
            raise InputError(
                f"The push {self.name!r} is not whole.",
                found=f"no {', no '.join(missing)}",
                expected=", ".join(NEEDED[self.kind]) or "email or phone: the column that holds it",
            )
        if self.kind == "segment" and not self.create:
            raise InputError(
                "Segment makes whoever it does not know.",
                found=f"{self.name!r} without create",
                expected="create = true, which says that you want that",
            )
        if self.consent and self.kind != "mailchimp":
            raise InputError(
                f"Consent is not told to {self.kind}.",
                found="consent = true",
                expected="consent with mailchimp alone: no other push changes who may be written to",
            )
        return self

    @model_validator(mode="after")
    def _names_are_names(self) -> PushPart:
        for what in (self.key_property, self.object, *self.fields):
            if not re.fullmatch(r"[\w .$-]*", what) or (
                self.kind == "salesforce" and not re.fullmatch(r"[\w.]*", what)
            ):
                raise InputError(
                    f"The push {self.name!r} has a name that no tool has.",
                    found=repr(what),
                    expected="letters, digits, _ and .",
                )
        return self


def _told_apart(parts: list[PushPart]) -> list[PushPart]:
    if repeated := [name for name, times in Counter(part.name for part in parts).items() if times > 1]:
        raise InputError("Two pushes have one name.", found=", ".join(repeated), expected="names that tell them apart")
    return parts


Pushes = Annotated[list[PushPart], AfterValidator(_told_apart)]
