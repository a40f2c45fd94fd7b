"""Foretell in Dagster: the scores as an asset that is made anew when something is due.

Point `dagster dev -f dagster_assets.py` at this file. FORETELL_PROJECT is the folder of foretell.toml.
"""

from __future__ import annotations

import json
import os
import subprocess

import dagster


@dagster.asset(group_name="foretell", description="The chances of every customer, as the newest run tells them.")
def customer_scores() -> dagster.MaterializeResult:
    """Do whatever is due; what was done stands beside the asset."""
    folder = os.environ.get("FORETELL_PROJECT", ".")
    done = subprocess.run(["foretell", "tick", "--json"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise dagster.Failure(description=done.stderr or done.stdout)
    tasks = json.loads(done.stdout)["tasks"]
    return dagster.MaterializeResult(metadata={"due": len(tasks), "tasks": dagster.MetadataValue.json(tasks)})


every_quarter_of_an_hour = dagster.ScheduleDefinition(
    name="foretell_tick",
    target=[customer_scores],
    cron_schedule="*/15 * * * *",
)
definitions = dagster.Definitions(assets=[customer_scores], schedules=[every_quarter_of_an_hour])
