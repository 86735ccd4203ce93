"""From params.yaml to a plan: what is to be made, from which parameters and by which code."""
