"""What a user declares about early warning."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.declaration import Declaration, read_declaration
from foretell.project.errors import InputError
from foretell.project.parts.alerts import deliveries_of, parse_wait

SOURCE = '[[sources]]\npath = "orders.csv"\ncolumns = { customer = "c" }\n'
WHOLE = """
[[alerts]]
name = "leaving"
when = "p_churn > 60 % and expected_spend > 500"
cooldown = "2w"
min_money = 100
deliver = ["webhook:crm", "email:team"]

[[alerts]]
name = "at risk"
spike = "At risk"

[[deliveries]]
name = "crm"
kind = "webhook"
url = "https://crm.example.com/in"
secret_env = "FORETELL_WEBHOOK_SECRET"

[[deliveries]]
name = "team"
kind = "email"
to = "team@example.com"
sender = "foretell@example.com"
server = "mail.example.com"
"""


def read(text: str, folder: Path) -> Declaration:
    path = folder / "foretell.toml"
    path.write_text(SOURCE + text, encoding="utf-8")
    return read_declaration(path)


def test_a_whole_declaration(tmp_path: Path) -> None:
    found = read(WHOLE, tmp_path)
    assert [part.name for part in found.alerts] == ["leaving", "at risk"]
    assert [one.channel for one in deliveries_of(found.alerts[0], found.deliveries)] == ["webhook:crm", "email:team"]
    assert found.deliveries[1].recipients == ("team@example.com",)
    assert not any(one.automatic or one.allow_private for one in found.deliveries)


def test_a_delivery_that_is_not_declared_is_told_with_those_that_are(tmp_path: Path) -> None:
    found = read(WHOLE.replace('"email:team"]', '"email:boss"]'), tmp_path)
    with pytest.raises(InputError, match="webhook:crm, email:team"):
        deliveries_of(found.alerts[0], found.deliveries)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[alerts]]\nname = "x"', "something to watch"),
        ('[[alerts]]\nname = "x"\nwhen = "a > 1"\nspike = "Lost"', "spike beside"),
        ('[[alerts]]\nname = "x"\nwhen = "a > 1"\ncooldown = "soon"', "cooldown"),
        ('[[alerts]]\nname = "x"\nwhen = "a > 1"\nmin_money = -1', "min_money"),
        ('[[alerts]]\nname = "x\\ny"\nwhen = "a > 1"', "name"),
        ('[[alerts]]\nname = "x"\nwhenn = "a > 1"', "whenn"),
        ('[[alerts]]\nname = "x"\nwhen = "a > 1"\n[[alerts]]\nname = "x"\nwhen = "b > 1"', "one name"),
        ('[[deliveries]]\nname = "x"\nkind = "webhook"\nurl = "https://a.example"', "no secret_env"),
        ('[[deliveries]]\nname = "x"\nkind = "email"\nto = "a@b.example"', "no sender, no server"),
        ('[[deliveries]]\nname = "x"\nkind = "pigeon"', "kind"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text, tmp_path)


@pytest.mark.parametrize("secret", ["whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_a_secret_in_the_declaration_is_refused_and_not_repeated(tmp_path: Path, secret: str) -> None:
    with pytest.raises(InputError, match="environment variable") as refused:
        read(WHOLE.replace("FORETELL_WEBHOOK_SECRET", secret), tmp_path)
    assert secret[6:14] not in str(refused.value)


@given(st.text())
def test_a_wait_is_days_or_refused(text: str) -> None:
    try:
        assert 0 <= parse_wait(text) <= 1830
    except InputError as error:
        assert "cooldown" in str(error)  # noqa: PT017
