"""`python -m bench.migration`."""

from bench.migration.run import main

main()
