"""The study's questions, each answered by a table with intervals and one sentence generated from it."""
