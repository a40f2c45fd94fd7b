"""`python -m bench.ablation`."""

from bench.ablation.run import main

main()
