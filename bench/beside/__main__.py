"""`python -m bench.beside`: what a table of events costs beside orders."""

from bench.beside.run import main

main()
