"""What may be said of the loop in foretell.toml."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from foretell.project.parts.loop import LoopPart


def test_rhythms_are_days_weeks_or_never() -> None:
    said = [LoopPart(retrain=text).retrain_days for text in ("28d", "4w", "never")]
    assert said == [28, 28, None]
    assert LoopPart() == LoopPart(retrain="28d", act=True)


@pytest.mark.parametrize("part", [{"retrain": "often"}, {"retrain": "0d"}, {"act": "perhaps"}, {"send": True}])
def test_what_cannot_be_read_is_refused(part: dict[str, object]) -> None:
    with pytest.raises((ValidationError, ValueError)):
        LoopPart.model_validate(part)
