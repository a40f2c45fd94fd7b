"""`foretell push`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from typed import typed
from vendors.mail_servers import KlaviyoServer
from vendors.speaking import TOKEN, open_for_calls

DECLARED = """
[[sources]]
path = "orders.csv"
columns = {{ customer = "who" }}

[[pushes]]
name = "mail"
kind = "klaviyo"
url = "{url}"
allow_private = true
secret_env = "MAIL_TOKEN"
email = "email"
fields = {{ risk = "p_churn" }}
"""


def test_look_push_and_see_who_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = KlaviyoServer()
    vendor.profiles["a"] = {"external_id": "a", "properties": {"risk": 0.2}}
    (tmp_path / "people.csv").write_text("customer_id,email,p_churn\na,a@shop.example,0.7\nb,b@shop.example,0.1\n")
    with open_for_calls(vendor) as url:
        (tmp_path / "foretell.toml").write_text(DECLARED.format(url=url))
        refused = typed("push", "mail", "people.csv", folder=tmp_path)
        assert (refused.returncode, "MAIL_TOKEN" in refused.stderr) == (2, True)
        monkeypatch.setenv("MAIL_TOKEN", TOKEN)
        looked = typed("push", "mail", "people.csv", "--dry-run", folder=tmp_path)
        assert "1 changed: a" in looked.stdout
        assert "a: risk 0.2 -> 0.7" in looked.stdout
        assert not vendor.writes
        pushed = typed("push", "mail", "people.csv", folder=tmp_path)
        assert pushed.returncode == 1
        assert "1 customer sent." in pushed.stdout
        assert "b: refused after 1 attempt, no profile there" in pushed.stdout
        vendor.profiles["b"] = {"external_id": "b", "properties": {}}
        again = typed("push", "mail", "--json", folder=tmp_path)
    answer = json.loads(again.stdout)[0]["answer"]
    assert (again.returncode, answer["done"], answer["already"]) == (0, 1, 1)
    assert vendor.writes == {"a": 1, "b": 1}
    state = json.loads(typed("push", "--state", "--json", folder=tmp_path).stdout)
    assert state["entries"] == []
    assert typed("push", "mail", "--dry-run", folder=tmp_path).returncode == 2
    assert "Nobody waits" in typed("push", "mail", folder=tmp_path).stdout
