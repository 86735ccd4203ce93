"""What one checkpoint's representation holds: of its input, and how far its coordinates repeat each other."""
