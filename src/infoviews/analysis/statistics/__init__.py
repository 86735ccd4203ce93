"""Tests, curves and intervals: arrays in, numbers out."""
