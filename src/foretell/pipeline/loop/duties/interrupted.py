"""What an interruption left: somebody half forgotten, the files of a run half written."""

# ruff: noqa: PLC0415  what is not due loads no code

from __future__ import annotations

from foretell.pipeline.loop.duties.duty import Loop

FORGOTTEN = "forgotten.sqlite"
"""The file of those who were forgotten; without it nobody was."""


def half_forgotten(loop: Loop) -> str:
    """Whether a forgetting was stopped."""
    if not (loop.place.state / FORGOTTEN).exists():
        return ""
    from foretell.customer_log.erasure.forgotten import BlockList

    return (
        "a customer was being forgotten when a command was stopped" if BlockList(loop.place.state).unfinished() else ""
    )


def forgotten(loop: Loop) -> str:
    """Forget to the end."""
    from foretell.pipeline.privacy.forgetting import finish_forgetting

    finish_forgetting(loop.place, loop.progress)
    return "forgotten; the runs that knew the customer are deleted"


def half_written(loop: Loop) -> str:
    """Whether the files of the newest run are not all written."""
    newest = loop.newest
    return f"the files of run {newest.run} were not all written" if newest and not newest.is_exported else ""


def written(loop: Loop) -> str:
    """Write them."""
    from foretell.answers.published import published
    from foretell.pipeline.exports import export

    files = export(published(loop.place))
    return f"{len(files)} files written to {loop.place.out}"
