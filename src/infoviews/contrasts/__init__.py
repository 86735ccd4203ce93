"""What is scored against what, one file each: from the views of a batch to square score matrices for any bound.

A module offers

- ``Params``, a frozen dataclass whose ``weight`` multiplies the contrast's loss (0: it is measured, not descended),
  and ``CITATION``;
- ``Contrast(params, encoder, pairs)``, a ``torch.nn.Module`` that keeps neither encoder nor pairs, but takes their
  sizes, with ``layers`` (numbers of the layers whose token states it reads), ``views`` (how many of the pairs' views
  it reads, two or more) and ``matrices`` (how many score matrices it gives, the same at every step);
- ``forward(views, critic) -> list[Scored]``: score matrices (B, B), ``S[i, j] = f(x_i, y_j)``, diagonal joint. The
  critic takes vectors of the encoder's dimension, so a contrast maps everything else that it scores to that size.

The objective's bound is taken of every matrix, and a contrast's value is their mean, nats. What is drawn within a step
is drawn by torch, which the training loop seeds by (seed, step): a resumed run draws the same.
"""
