"""Shares of arms as they are typed."""

from __future__ import annotations

import pytest

from foretell.flat.experiment.shares import shares_of
from foretell.project.errors import InputError


def test_shares_in_order_or_by_name() -> None:
    names = ["none", "mail", "post"]
    assert shares_of(" ", names) is None
    assert shares_of("1,2,3", names) == {"none": 1, "mail": 2, "post": 3}
    assert shares_of("10%, 40%, 50%", names) == {"none": 10, "mail": 40, "post": 50}
    assert shares_of("Mail=.2, post=.3, none=.5", names) == {"none": 0.5, "mail": 0.2, "post": 0.3}


@pytest.mark.parametrize("text", ["1,2", "a,b,c", "0,1,1", "1,-1,1", "1,1,inf", "none=1,mail=1,sms=1", "none=1,1,1"])
def test_shares_that_fit_no_arms_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="shares"):
        shares_of(text, ["none", "mail", "post"])
