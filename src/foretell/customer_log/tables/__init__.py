"""The tables of the customer log beside orders, one file each; `registry` says what a table is."""
