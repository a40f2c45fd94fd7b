"""One thread for linear algebra: sums over several threads end in other digits, and so in other models.

A machine with more cores would answer otherwise, and small products are slower on two threads than on one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Given = ParamSpec("Given")
Result = TypeVar("Result")


def on_one_thread(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function, during which BLAS and OpenMP have one thread; afterwards they have what they had."""

    @wraps(function)
    def limited(*given: Given.args, **named: Given.kwargs) -> Result:
        with threadpool_limits(limits=1):
            return function(*given, **named)

    return limited
