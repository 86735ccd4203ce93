"""One file per command. Heavy libraries are imported inside ``run``, so that ``--help`` answers at once."""
