"""Six labelled tasks written by the grammar, in the files of SentEval (Conneau and Kiela, LREC 2018)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from infoviews.files import write_text
from infoviews.language.channel import transmit
from infoviews.language.factors import CARDINALITIES, FACTORS, NAMES, NOISE, column
from infoviews.language.grammar import PARAGRAPH, Writing, sentences

SINGLE = {"mr": "film", "cr": "product", "subj": "subjectivity", "sst2": "phrase", "trec": "question"}
QUESTION_TYPES = ("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM")
MRPC_HEADER = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String"


def write(folder: Path, params: dict[str, int], seed: int) -> list[str]:
    """Write the files of the six tasks; the caller adds the manifest.

    Each example writes all factors through their own channels, as the views do; its label is the value of the task's
    factor before the channel, so that no reader can be right more often than ``channel`` says.

    Args:
        folder: filled with SentEval's layout.
        params: ``examples`` (default 1600): of a task in all; ``mentions`` and ``synonyms`` as in ``Writing``.
        seed: seed of every draw.

    Returns:
        Names of the tasks written.

    Raises:
        KeyError: an unknown parameter.
        ValueError: fewer than 100 examples.
    """
    unknown = set(params) - {"examples", "mentions", "synonyms"}
    if unknown:
        raise KeyError(f"language tasks: unknown parameter {min(unknown)!r}; known: examples, mentions, synonyms")
    examples = params.get("examples", 1600)
    if examples < 100:
        raise ValueError(f"language tasks: examples is {examples}; at least 100 are needed for folds and a test part")
    writing = Writing(**{key: value for key, value in params.items() if key != "examples"})
    for number, (task, factor) in enumerate(SINGLE.items()):
        rng = np.random.default_rng([seed, number])
        labels = rng.permutation(np.arange(examples) % FACTORS[column(factor)].values)
        _write_single(folder, task, labels, _texts(labels, factor, writing, rng))
    rng = np.random.default_rng([seed, len(SINGLE)])
    _write_pairs(folder, *_paraphrases(examples, writing, rng), rng)
    return [*SINGLE, "mrpc"]


def _texts(labels: np.ndarray, factor: str, writing: Writing, rng: np.random.Generator) -> list[str]:
    """One line per label: the task's factor has the label as its value, the others are drawn."""
    values = rng.integers(CARDINALITIES, size=(len(labels), len(FACTORS)))
    values[:, column(factor)] = labels
    noisy = transmit(values, CARDINALITIES, NOISE, rng)
    return [text.replace(PARAGRAPH, " ") for text in sentences(noisy, writing, rng)]


def _paraphrases(examples: int, writing: Writing, rng: np.random.Generator) -> tuple[np.ndarray, list[str], list[str]]:
    """Labels and pairs of texts: label 1 where both come from one proposition, else from two different ones."""
    values = FACTORS[NAMES.index("proposition")].values
    labels = rng.permutation(np.arange(examples) % 2)
    first = rng.integers(values, size=examples)
    second = np.where(labels == 1, first, (first + rng.integers(1, values, size=examples)) % values)
    return labels, _texts(first, "proposition", writing, rng), _texts(second, "proposition", writing, rng)


def _write_single(folder: Path, task: str, labels: np.ndarray, texts: list[str]) -> None:
    train, dev = len(texts) * 6 // 10, len(texts) * 8 // 10
    if task == "trec":
        rows = [f"{QUESTION_TYPES[label]}:any {text}" for label, text in zip(labels, texts, strict=True)]
        _lines(folder / "TREC/train_5500.label", rows[:train])
        _lines(folder / "TREC/TREC_10.label", rows[train:])
    elif task == "sst2":
        rows = [f"{text} \t{label}" for label, text in zip(labels, texts, strict=True)]
        for part, lines in {"train": rows[:train], "dev": rows[train:dev], "test": rows[dev:]}.items():
            _lines(folder / f"SST/binary/sentiment-{part}", lines)
    else:
        names = {
            "mr": ("MR/rt-polarity.neg", "MR/rt-polarity.pos"),
            "cr": ("CR/custrev.neg", "CR/custrev.pos"),
            "subj": ("SUBJ/subj.subjective", "SUBJ/subj.objective"),
        }[task]
        for value, name in enumerate(names):
            _lines(folder / name, [text for label, text in zip(labels, texts, strict=True) if label == value])


def _write_pairs(
    folder: Path, labels: np.ndarray, first: list[str], second: list[str], rng: np.random.Generator
) -> None:
    numbers = rng.permutation(2 * len(labels)).reshape(-1, 2)
    rows = [
        f"{label}\t{a}\t{b}\t{one}\t{two}"
        for label, (a, b), one, two in zip(labels, numbers.tolist(), first, second, strict=True)
    ]
    train = len(rows) * 6 // 10
    _lines(folder / "MRPC/msr_paraphrase_train.txt", [MRPC_HEADER, *rows[:train]])
    _lines(folder / "MRPC/msr_paraphrase_test.txt", [MRPC_HEADER, *rows[train:]])


def _lines(path: Path, lines: list[str]) -> None:
    write_text(path, "".join(f"{line}\n" for line in lines))
