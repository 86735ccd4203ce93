"""How controls, objectives, estimators and tasks are called in sentences, tables and figures alike."""

from __future__ import annotations

LABELS = {
    "random": "random encoder",
    "bag-of-words": "bag of words",
    "random-projection": "random projection",
    "skipgram": "skip-gram initialised encoder",
    "mlm": "base encoder (MLM)",
    "mlm-average": "average of the word vectors of MLM",
    "hub": "base encoder (hub)",
    "folder": "base encoder (folder)",
    "skipgram-average": "skip-gram average",
    "shuffled": "trained on shuffled pairs",
    "majority": "majority class",
    "infonce": "InfoNCE",
    "jsd": "JSD",
    "jsdbound": "JSD bound",
    "nwj": "NWJ",
    "dv": "DV",
    "nce": "NCE",
    "mine": "MINE",
    "smile": "SMILE",
    "tuba": "TUBA",
    "ksg": "KSG",
    "cca": "CCA",
    "interpolated": "interpolated (I_alpha)",
    "average": "average",
    "mr": "MR",
    "cr": "CR",
    "subj": "SUBJ",
    "mpqa": "MPQA",
    "sst2": "SST-2",
    "trec": "TREC",
    "mrpc": "MRPC",
    "stsb": "STS-B",
    "sick_e": "SICK-E",
    "sick_r": "SICK-R",
}


def label(name: str) -> str:
    """How a control, objective, estimator or task is called for a reader; its own name if none is known."""
    return LABELS.get(name, name)
