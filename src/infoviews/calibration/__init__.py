"""The estimators held against tasks whose information is known exactly."""
