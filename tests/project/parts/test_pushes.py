"""Declared pushes: whole, and nothing in them that could do harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foretell.project.declaration import read_declaration
from foretell.project.errors import InputError
from foretell.project.parts.pushes import PushPart

HEAD = '[[sources]]\npath = "o.csv"\ncolumns = { customer = "who" }\n'
WHOLE: dict[str, Any] = {"name": "crm", "kind": "hubspot", "secret_env": "TOKEN", "key_property": "shop_id"}


def test_what_is_declared_is_read(tmp_path: Path) -> None:
    path = tmp_path / "foretell.toml"
    path.write_text(
        HEAD + '[[pushes]]\nname = "crm"\nkind = "hubspot"\nsecret_env = "TOKEN"\nkey_property = "shop_id"\n'
        'email = "mail"\nfields = { risk = "p_churn", also = "p_churn" }\n'
    )
    part = read_declaration(path).pushes[0]
    assert part.columns == ("customer_id", "mail", "p_churn")
    assert (part.of_object, part.is_file, part.create) == ("contacts", False, False)
    path.write_text(path.read_text() + path.read_text().removeprefix(HEAD))
    with pytest.raises(InputError, match="one name"):
        read_declaration(path)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"key_property": ""}, "not whole"),
        ({"secret_env": ""}, "not whole"),
        ({"secret_env": "pat-na1-123"}, "secret is not written"),
        ({"kind": "salesforce"}, "not whole"),
        ({"kind": "mailchimp", "list": "a"}, "not whole"),
        ({"kind": "google"}, "not whole"),
        ({"kind": "segment"}, "makes whoever"),
        ({"consent": True}, "Consent is not told"),
        ({"object": "contacts/../x"}, "no tool has"),
        ({"kind": "salesforce", "url": "https://x.example", "fields": {"Name FROM": "a"}}, "no tool has"),
    ],
)
def test_what_is_not_whole_or_not_safe_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PushPart.model_validate({**WHOLE, **settings})
