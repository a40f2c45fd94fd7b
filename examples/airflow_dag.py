"""Foretell in Airflow 3: one task that does whatever is due. Copy this file into the folder of DAGs.

FORETELL_PROJECT is the folder of foretell.toml, on the machine where tasks run. One tick at a time is enough: a second
one finds nothing to do. A task that is killed is finished by the next one.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task


@dag(
    dag_id="foretell",
    schedule=timedelta(minutes=15),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},
    tags=["foretell"],
)
def foretell() -> None:
    """Read what is new, score, grade, warn, act on standing playbooks, send."""

    @task
    def tick() -> list[dict[str, str]]:
        """What was due, why, and what was done; an error where something could not be done."""
        folder = os.environ.get("FORETELL_PROJECT", ".")
        done = subprocess.run(["foretell", "tick", "--json"], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)
        return list(json.loads(done.stdout)["tasks"])

    tick()


foretell()
