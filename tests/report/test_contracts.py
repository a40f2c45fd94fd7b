"""The picture of renewals outlived."""

from __future__ import annotations

import pyarrow as pa

from drawn_contracts import CONTRACTS, LAST
from foretell.forecasts.contracts.plans import retention
from foretell.forecasts.contracts.proof import ContractsToday
from foretell.report.contracts import figure

FOUND = retention(CONTRACTS, LAST)


def test_the_picture_tells_how_many_outlived_the_last_renewal() -> None:
    drawn = figure(ContractsToday(pa.table({}), retention=FOUND))
    assert drawn is not None
    told = f"{FOUND[-1].survival * 100:.0f} % outlived {FOUND[-1].renewal} renewals"
    assert told in drawn.text.replace("\xa0", " ")
    assert drawn.drawing.count("<polyline") == 2


def test_two_renewals_are_no_picture() -> None:
    assert figure(ContractsToday(pa.table({}), retention=FOUND[:2])) is None
