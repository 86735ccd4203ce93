"""What is added to the contrastive loss, one file each.

A module offers

- ``Params``, a frozen dataclass with ``weight``, the factor of the addition's loss, and ``CITATION``;
- ``Addition(params, encoder, pairs)``, a ``torch.nn.Module`` with ``views``, how many views it reads; it does not keep
  the encoder that learns. What it learns are its parameters; what it carries from step to step is in its state, too,
  so that a resumed run goes on exactly;
- ``forward(encoder, views, labels) -> (loss, record)``: a scalar to descend, already weighted, and numbers for
  history.csv whose keys begin with the addition's name; the first is the quantity that its own learning lowers.
  ``views`` are the encoded views of the batch, ``labels`` (B,) is ``None`` where the pairs carry none.

Draws within a step are torch's, which the training loop seeds by (seed, step).
"""
