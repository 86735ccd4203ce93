"""How pairs are drawn from any family and written, and what is counted of them."""
