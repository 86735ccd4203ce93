"""Solvers of many logistic regressions side by side."""
