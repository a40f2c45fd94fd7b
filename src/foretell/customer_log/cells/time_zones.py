"""Time zones written beside a clock time."""

from __future__ import annotations

import re


def offset_of(text: str) -> int | None:
    """Microseconds east of UTC of a zone such as `+02:00` or `Z`; None where no zone is given.

    >>> offset_of("+01:30"), offset_of("Z"), offset_of("")
    (5400000000, 0, None)
    """
    if not text:
        return None
    match = re.fullmatch(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?", text)
    if not match:
        return 0
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (minutes if match[1] == "+" else -minutes) * 60_000_000
