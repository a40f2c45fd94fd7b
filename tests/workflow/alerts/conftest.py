"""The tests of alerts share a run made by hand, and the receivers of the tests of delivery."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[2] / "delivery")]
