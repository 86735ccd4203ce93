"""Published methods, one file each, as named combinations of the study's own parts.

A module offers ``SYSTEM``, a ``System``: views, bound, critic, contrasts and additions with the paper's own values, the
citation, where it departs from the paper, and its row among the published results. A study that names it gets a view
setting, an objective and cells for it (``infoviews.plan.params``); nothing else knows that it is a system.
"""
