"""Transformer and recurrent architectures that an encoder can be built on."""
