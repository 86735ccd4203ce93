"""Bounds and estimates of mutual information as pure functions of a score matrix, one file each, in nats.

Scores are ``S[i, j] = f(x_i, y_j)``: rows are anchors, columns candidates, the diagonal was drawn jointly, and every
off-diagonal entry is a draw from the product of the marginals. A module offers

- ``Params``, a frozen dataclass, and ``CITATION``;
- ``bound(scores, params, state=None) -> Bound``, whose ``value`` is reported and whose ``loss`` is descended. They are
  each other's negative, except where training needs another gradient (``mine``, ``smile``, ``nce``);
- ``KIND``: ``"lower bound"`` of I(x; y), ``"estimate"`` of it (may exceed the truth), or ``"divergence"``
  (a quantity that grows with I(x; y) but is not I(x; y));
- ``OPTIMUM``: the constant c of the best critic f* = log p(x, y) / p(x)p(y) + c;
- ``FREE``: what training leaves undetermined in the best critic: ``None``, a ``"constant"``, or one for each
  ``"row"``; readings on held-out pairs take it out first;
- ``TOLERANCE``: how far, in nats, the value at the best critic may be from the truth at I = 2 (five correlated
  Gaussian pairs, 1024 rows); for a divergence the truth is that divergence.

An entry of -inf off the diagonal is a candidate left out: ``_scores.without`` makes them for known false negatives
(duplicate texts in a batch). That is for training alone, since a bound whose negatives were chosen is no bound.
"""
