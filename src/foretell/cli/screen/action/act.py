"""What `foretell act` prints: what would be done, and what was."""

from __future__ import annotations

from foretell.pipeline.actions.act import Done, Prepared
from foretell.words.wording import counted


def prepared_lines(ready: Prepared) -> list[str]:
    """What acting would do, and how to have it done."""
    drawn, name = ready.drawn, ready.playbook.name
    if not drawn.is_new:
        return [f"{drawn.campaign.name}: done already by this run. {_arms(ready)}", *_ripe(ready)]
    lines = [f"{drawn.campaign.name} would be drawn now; nothing has been done.", f"  {_arms(ready)}"]
    lines += [f"  {count:,} are left out: {reason}" for reason, count in ready.asked.candidates.left_out()]
    lines += [*_cost(ready), f"  {drawn.holdout.words}"]
    lines += [f"  Careful: {one}" for one in ready.warnings if one != drawn.holdout.words]
    return [*lines, *_ripe(ready), f'To do it: foretell act "{name}" --approve "YOUR NAME"']


def done_lines(done: Done) -> list[str]:
    """What was done, where the files are, and when to come back."""
    ready, acted = done.prepared, done.acted
    by = "Done already by this run" if not acted.drawn.is_new else "Drawn and written down"
    lines = [f"{acted.drawn.campaign.name}: {by}. {_arms(ready)}"]
    lines += _cost(ready)
    if acted.dropped:
        lines.append(f"  {counted(acted.dropped, 'treated customer')} may not be contacted any more, and are not; "
                     "they stay in their arm and are counted there.")  # fmt: skip
    lines += [f"  Careful: {one}" for one in ready.warnings]
    lines += [f"  {path}" for path in acted.files.values()]
    lines += [f"  {one.channel}: {one.outcome}, {one.told}" for one in done.sent]
    return [*lines, *_ripe(ready)]


def _arms(ready: Prepared) -> str:
    drawn, arms = ready.drawn, ready.playbook.arms_in_words
    return f"{drawn.treated:,} treated ({arms['treated']}), {drawn.control:,} control ({arms['control']})."


def _cost(ready: Prepared) -> list[str]:
    return (
        [f"  The contacts cost {ready.drawn.cost:,.2f} {ready.run.main.currency}".rstrip()] if ready.drawn.cost else []
    )


def _ripe(ready: Prepared) -> list[str]:
    name, window = ready.drawn.campaign.name, ready.drawn.campaign.window_days
    return [f'The read-out is ripe on {ready.ripe_on} ({window} days): foretell results "{name}"']
