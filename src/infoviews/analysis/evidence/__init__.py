"""Results of all phases joined into tidy tables."""
