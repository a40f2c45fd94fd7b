"""Small timelines made by Hypothesis, and the views at a cutoff."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
