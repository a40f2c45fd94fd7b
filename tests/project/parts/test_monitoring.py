"""What is declared of monitoring."""

from __future__ import annotations

import pytest

from foretell.project.errors import InputError
from foretell.project.parts.monitoring import MonitoringPart


def test_deliveries_are_those_that_are_declared() -> None:
    part = MonitoringPart(deliver=("email:team",))
    assert part.channels(["webhook:crm", "email:team"]) == ("email:team",)
    assert MonitoringPart().channels([]) == ()
    with pytest.raises(InputError, match="not declared") as caught:
        part.channels(["webhook:crm"])
    assert caught.value.expected == "one of: webhook:crm"
    with pytest.raises(InputError, match="not declared"):
        part.channels([])
