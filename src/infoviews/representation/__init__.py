"""What an encoder's representation holds, and how alike two encoders are."""
