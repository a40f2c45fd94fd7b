"""The whole loop on generated shops, against what is planted in them."""
