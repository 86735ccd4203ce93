"""From results to answers: evidence, statistics and the answers to the study's questions."""
