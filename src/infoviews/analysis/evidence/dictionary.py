"""What every column of ``results.csv``, ``settings.csv`` and ``estimates.csv`` means, and its unit."""

from __future__ import annotations

import pandas as pd

MEANINGS = {
    "study": ("", "name of the study in params.yaml"),
    "kind": (
        "",
        "cell (a pretrained encoder), control (an encoder without contrastive pretraining), untrained (of another "
        "architecture), system (static vectors of a published system) or reference (trained elsewhere)",
    ),
    "name": ("", "name of the cell or base"),
    "objective": ("", "objective maximised in pretraining; of a base of a system, the system"),
    "setting": ("", "view setting: a view family at one dial value"),
    "role": ("", "control, iso, tuned, system or variant for settings that are no points of the curve; else empty"),
    "family": ("", "view family"),
    "dial": ("family's own", "dial value of the setting"),
    "seed": ("", "seed of the cell"),
    "status": ("", "finished, failed or missing"),
    "reason": ("", "why the result is failed or missing"),
    "task": ("", "transfer task; 'average' is the mean over tasks"),
    "metric": ("", "metric of the transfer score"),
    "transfer": ("percent", "test score of a classifier on the frozen embeddings"),
    "low": ("percent", "lower end of the 95 % interval of transfer"),
    "high": ("percent", "upper end of the 95 % interval of transfer"),
    "dev": ("percent", "score on the development part or by cross-validation"),
    "f1": ("percent", "F1 score where the task reports one"),
    "majority": ("percent", "score of always answering the most frequent class"),
    "n": ("", "test examples"),
    "loss": ("nats", "last training loss"),
    "bound": ("nats", "last training bound; not a measurement of information"),
    "step": ("", "last training step"),
    "alignment": ("", "mean squared distance of positive pairs on the sphere (Wang & Isola 2020)"),
    "uniformity": ("", "log mean Gaussian potential of random pairs on the sphere (Wang & Isola 2020)"),
    "dimension": ("", "dimension of the embeddings"),
    "overlap": ("share", "mean share of tokens that the two views have in common"),
    "trained_bound": ("", "bound that the cell maximised"),
    "trained_critic": ("", "critic that filled its score matrix"),
    "trained_contrast": ("", "what it contrasts: sentences, or local parts with them"),
    "trained_additions": ("", "what was added to its loss, joined by '+'"),
    "trained_start": ("", "base that it started from"),
    "trained_params": ("", "parameters of bound, critic, contrast and additions, as JSON"),
    "quality_input_information": ("nats", "I(input; noised representation) of the trained encoder, by MINE"),
    "quality_neural_dependency": ("nats", "total correlation of the coordinates of the trained encoder"),
    "information": ("nats", "information between the views on held-out documents, as used for the curve"),
    "information_low": ("nats", "lower end of the 95 % interval of information"),
    "information_high": ("nats", "upper end of the 95 % interval of information"),
    "information_flag": ("", "empty, or why the value is to be distrusted"),
    "estimator": ("", "how the information was estimated; exact where its value follows from how the views are drawn"),
    "features": ("", "encoder of the features that the estimator saw, or tokens"),
    "ceiling": ("nats", "largest value that the estimator can give with its number of candidates"),
    "censored": ("", "true where the estimate is so near its ceiling that it is only a lower limit"),
    "seeds": ("", "finished seeds"),
    "absent": ("", "failed or missing seeds"),
    "seed_sd": (
        "percent",
        "standard deviation between seeds, pooled over an objective's settings, or objectives with few",
    ),
    "seed_freedom": ("", "degrees of freedom of seed_sd"),
    "example_se": ("percent", "standard error from the finite test set"),
}


def dictionary(columns: list[str]) -> pd.DataFrame:
    """Columns ``column``, ``unit``, ``meaning`` for the given column names, in their order."""
    last = ("", "last value in the training history")
    return pd.DataFrame([(c, *MEANINGS.get(c, last)) for c in columns], columns=["column", "unit", "meaning"])
