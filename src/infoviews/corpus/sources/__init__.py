"""Where text comes from, one module per place; found by name through ``infoviews.registry``."""
