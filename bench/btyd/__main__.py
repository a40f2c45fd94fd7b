"""`python -m bench.btyd`."""

from bench.btyd.run import main

main()
