"""One thread for linear algebra: sums over several threads end in other digits, and so in other models.

A machine with more cores would answer otherwise, and small products are slower on two threads than on one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Given = ParamSpec("Given")
Result = TypeVar("Result")

_IS_LIMITED: ContextVar[bool] = ContextVar("is_limited", default=False)


def on_one_thread(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function, during which BLAS and OpenMP have one thread; afterwards they have what they had.

    Looking for the libraries takes milliseconds: a function that such a function calls does not look again.
    """

    @wraps(function)
    def limited(*given: Given.args, **named: Given.kwargs) -> Result:
        if _IS_LIMITED.get():
            return function(*given, **named)
        before = _IS_LIMITED.set(True)
        try:
            with threadpool_limits(limits=1):
                return function(*given, **named)
        finally:
            _IS_LIMITED.reset(before)

    return limited
