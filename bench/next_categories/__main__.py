"""`python -m bench.next_categories`."""

from bench.next_categories.run import main

main()
