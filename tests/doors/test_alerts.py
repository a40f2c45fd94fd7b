"""Early warning on the command line: from a run to a message that arrives."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from foretell.answers.published import PublishedRun
from kept import with_finished_steps
from shop import Rows, written
from typed import typed

sys.path.append(str(Path(__file__).parents[1] / "delivery"))

from receivers import WebReceiver, serving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DECLARED = """
[[alerts]]
name = "leaving"
when = "p_churn > 50 % and expected_spend > 1"
deliver = ["webhook:crm"]

[[alerts]]
name = "falling"
change = "p_purchase fell by 20 points"

[[alerts]]
name = "orders"
spike = "orders"

[[deliveries]]
name = "crm"
kind = "webhook"
url = "http://localhost:PORT/"
allow_private = true
secret_env = "HOOK_SECRET"
"""


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)


def answered(*words: str, folder: Path) -> dict[str, Any]:
    done = typed(*words, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def project(shop: Rows, shop_run: PublishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after a run, with alerts declared."""
    folder = tmp_path_factory.mktemp("alerts")
    written(shop, folder / "orders.csv")
    with_finished_steps(shop_run, folder / ".foretell")
    assert typed("init", "orders.csv", "--yes", folder=folder).returncode == 0
    with (folder / "foretell.toml").open("a") as file:
        file.write(DECLARED)
    ran = typed("run", "--horizon", "30d", folder=folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_from_a_run_to_a_message(project: Path) -> None:
    listed = answered("alerts", folder=project)
    rules = {rule["name"]: rule for rule in listed["rules"]}
    assert (rules["leaving"]["on"], rules["falling"]["on"]) == (True, False)
    proof = rules["leaving"]["proof"]
    assert isinstance(proof, dict)
    assert 0 <= proof["precision_low"] <= proof["precision"] <= proof["precision_high"] <= 1
    assert proof["false_per_week"] > 0
    assert proof["lead_days"]
    (alert,) = [alert for alert in listed["alerts"] if alert["rule"] == "leaving"]
    assert alert["customer_count"] == rules["leaving"]["holding"]
    assert not alert["new"], "the run itself raised it"
    text = typed("alerts", "list", folder=project).stdout
    assert "(new)" not in text
    assert f"{alert['id']}  leaving: {alert['customer_count']} customers" in text
    assert "counted as lost" in text
    assert "falling: off, " in text

    receiver = WebReceiver()
    with serving(receiver) as port:
        toml = project / "foretell.toml"
        toml.write_text(toml.read_text().replace("PORT", str(port)))
        tried = typed("alerts", "test", "webhook:crm", folder=project)
        assert tried.returncode == 0, tried.stdout + tried.stderr
        sent = typed("alerts", "send", folder=project)
        assert (sent.returncode, "delivered" in sent.stdout) == (0, True), sent.stdout + sent.stderr
        assert typed("alerts", "send", folder=project).stdout.strip() == "Nothing to send."
    kinds = [json.loads(body)["type"] for _, _, body in receiver.requests]
    assert kinds == ["alert.test", "alert.raised"]
    assert json.loads(receiver.requests[1][2])["data"]["id"] == alert["id"]

    seen = typed("alerts", "ack", str(alert["id"])[:6], folder=project)
    assert (seen.returncode, str(alert["id"]) in seen.stdout) == (0, True)
    assert "(acknowledged)" in typed("alerts", "--all", folder=project).stdout


def test_a_silence_is_told(project: Path) -> None:
    assert "2099-01-01" in typed("alerts", "silence", "leaving", "--until", "2099-01-01", folder=project).stdout
    assert answered("alerts", folder=project)["silences"] == {"leaving": "2099-01-01"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ack", "nothing"), "no such alert"),
        (("silence", "nobody", "--until", "2099-01-01"), "leaving, falling, orders"),
        (("silence", "leaving", "--until", "soon"), "--until"),
        (("test", "email:team"), "webhook:crm"),
        (("list", "--out", "nowhere"), "foretell run"),
    ],
)
def test_a_mistake_gets_one_clear_error(project: Path, words: tuple[str, ...], said: str) -> None:
    done = typed("alerts", *words, folder=project)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
