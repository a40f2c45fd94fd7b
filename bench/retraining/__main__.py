"""`python -m bench.retraining`."""

from bench.retraining.run import main

main()
