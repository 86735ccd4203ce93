"""What families draw from: words of a corpus, English resources, and texts that come with partners or classes."""
