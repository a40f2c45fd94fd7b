"""`python -m bench.generated_shop`."""

from bench.generated_shop.run import main

main()
