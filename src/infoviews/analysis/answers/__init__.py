"""The study's questions, each answered with numbers and intervals."""
