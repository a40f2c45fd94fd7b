"""`python -m bench.experiment`."""

from bench.experiment.run import main

main()
