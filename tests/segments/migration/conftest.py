"""Migration shares the made order lines of the oracles."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "oracles"))
