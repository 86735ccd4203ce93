"""How much information should two views of a text share? A study of contrastive sentence embeddings.

The functions here are the public interface; nothing heavy is imported before one is called.
"""

from __future__ import annotations

from infoviews import bounds
from infoviews.api import draw_views, estimate_information, evaluate, load

__all__ = ["bounds", "draw_views", "estimate_information", "evaluate", "load"]
__version__ = "0.1.0"
