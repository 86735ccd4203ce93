"""Results in the JSON layout of mteb (Muennighoff and others, EACL 2023), for the tasks that both score alike.

These are STS12 to STS16: the same pairs, the cosine of two embeddings, and Spearman's correlation over all pairs of a
year. mteb has STS-B and SICK-R as well and takes the cosine there, too, where SentEval trains a head, and it takes all
pairs of SICK-R: those scores are another thing. It has none of MR, CR, SUBJ, MPQA, SST, TREC, MRPC and SICK-E.
"""

from __future__ import annotations

from typing import Any

REVISIONS = {
    "STS12": "a0d554a64d88156834ff5ae9920b964011b16384",
    "STS13": "7e90230a92c190f1bf69ae9002b8cea547a64cca",
    "STS14": "6031580fec1f6af667f0bd2da0a551cf4f0b2375",
    "STS15": "ae752c7c21bf194d8b67fd573edf7ae58183cbe3",
    "STS16": "4d8694f8f0e0100860b497b999b3dbed754a0513",
}
"""mteb's name of a task → the revision of its data set whose pairs are the same."""


def results(scored: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """mteb's name of each shared task → the content of its result file.

    Args:
        scored: what ``transfer.evaluate`` gives: ``tasks``, scores times 100.

    Raises:
        ValueError: no task that both score alike was scored.
    """
    shared = {name: scored["tasks"][name.lower()] for name in REVISIONS if name.lower() in scored["tasks"]}
    if not shared:
        raise ValueError(
            f"mteb scores none of {', '.join(scored['tasks'])} in the same way; add one of {', '.join(REVISIONS)}"
        )
    return {
        name: {
            "dataset_revision": REVISIONS[name],
            "task_name": name,
            "mteb_version": None,  # it was not mteb that scored them
            "scores": {"test": [_scores(entry["pooled_spearman"] / 100)]},
            "evaluation_time": None,
            "kg_co2_emissions": None,
        }
        for name, entry in shared.items()
    }


def _scores(spearman: float) -> dict[str, Any]:
    return {
        "cosine_spearman": spearman,
        "main_score": spearman,
        "hf_subset": "default",
        "languages": ["eng-Latn"],
    }
