"""The words of ours and of the field that reports use, each explained in two sentences and linked where it first comes.

``docs/glossary.md`` is ``page()``; a test keeps it so.
"""

from __future__ import annotations

import re

TERMS = {
    "addition": (
        "A further term of the training loss, such as masked language modelling or a queue of negatives. "
        "It is added to the contrastive objective with a weight."
    ),
    "alignment and uniformity": (
        "Alignment is the mean squared distance between the embeddings of two views of one text; uniformity tells how "
        "evenly embeddings fill the sphere. "
        "Both are from Wang and Isola (2020), and lower is better."
    ),
    "base encoder": (
        "The encoder before contrastive training, made by masked language modelling, from word vectors, or at random. "
        "Every cell starts from one, and it is scored as a control."
    ),
    "bound": (
        "A function of scores that is, on average, at most the mutual information of two views. "
        "Encoders are trained by raising it; a tighter bound is closer to the information."
    ),
    "cell": (
        "One trained encoder: one view setting, one objective and one seed. "
        "A study trains many cells and compares their transfer."
    ),
    "censored": (
        "Said of an estimate that has run into its ceiling, so that only a lower limit of the information is known. "
        "The test treats such settings as sharing at least that much, and the fitted curve leaves them out."
    ),
    "CKA": (
        "Centred kernel alignment, a measure of how alike two encoders arrange the same sentences. "
        "It is 1 for the same arrangement up to rotation and scale, and near 0 for unrelated ones."
    ),
    "contrast": (
        "What is scored against what in training: whole sentences (global), or words, n-grams and layers (local). "
        "Every bound and every critic works with every contrast."
    ),
    "control": (
        "An encoder that ought to do badly, such as a random one or one trained on views that share nothing. "
        "A result says something only as far as it is above its controls."
    ),
    "converged protocol": (
        "A way to score embeddings: logistic regression solved to its optimum, on SentEval's tasks and folds. "
        "Scores then do not depend on how long or how fast a classifier was trained."
    ),
    "critic": (
        "The function that scores how well two embeddings belong together, such as their cosine. "
        "A bound turns the scores of a batch into a value of information."
    ),
    "dial": (
        "The one number that sets how much two views of a family share, such as the share of words that are kept. "
        "Its unit differs between families, so curves are drawn against measured information."
    ),
    "estimator": (
        "A method that tells from samples how much information two views share, such as InfoNCE or KSG. "
        "Every estimate is made on documents that its critic has not seen."
    ),
    "InfoNCE ceiling": (
        "InfoNCE picks one true pair among K, so its value cannot exceed log K. "
        "Values within 2.5 nats of that are flagged, and those within 1.5 nats are taken as censored."
    ),
    "interval": (
        "The range in brackets after a number, which covers the true value in 95 % of studies. "
        "It counts the chance of seeds and test examples, and of view settings where there are several."
    ),
    "matched control": (
        "A view setting that shares as much information as a setting of the curve, but nothing that a task uses. "
        "It shows whether the amount of information alone decides transfer."
    ),
    "nats": (
        "The unit of information when logarithms are natural ones. "
        "One nat is 1.44 bits, and sharing a choice among K equal ones is log K nats."
    ),
    "objective": (
        "What an encoder is trained with: a bound, a critic, a contrast and any additions. "
        "A study's main objective is the one whose curve is tested first."
    ),
    "power": (
        "The chance that a test finds an effect that is really there. "
        "Reports give it for a peak one point high, with the study's own settings and noise."
    ),
    "seed": (
        "The number that fixes every random draw of a cell. "
        "Cells that differ in nothing else show how much of a result is chance."
    ),
    "setting": (
        "A view family at one value of its dial. "
        "Each setting is a point of the curve: its measured information, and the mean transfer of its seeds."
    ),
    "sweet spot": (
        "The amount of shared information at which transfer is highest, also called the peak. "
        "It counts as found only if transfer rises before it and falls after it, each significantly."
    ),
    "transfer": (
        "How well simple classifiers on frozen embeddings do on tasks that the encoder was not trained for. "
        "It is in percent; differences of percentages are in points."
    ),
    "two-lines test": (
        "A test of a rise followed by a fall, with one line fitted below a break point and one above (Simonsohn 2018). "
        "Both slopes must differ from zero, in opposite directions."
    ),
    "view family": (
        "A way to make two views, that is two texts or encodings, of one document, such as cropping it twice. "
        "Most families have a dial."
    ),
}
"""Each term with its explanation, by name."""

OTHERS = {
    "sweet spot": ("sweet spots", "peak", "peaks"),
    "view family": ("view families",),
    "setting": ("view setting", "view settings", "settings"),
    "bound": ("lower bound", "lower bounds", "bounds"),
    "base encoder": ("own start",),
}
"""Further words that lead to a term; a plural in s needs none."""

KEPT = re.compile(r"`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<[^>]*>|\*[^*\s][^*]*\?\*")
"""What is never linked: code, links and pictures, tags, and questions in italics."""

NO_PROSE = ("#", "|", "<", "- [", "- **")
"""How lines begin in which nothing is linked: headings, tables, tags, lists of pages and of terms."""


def page() -> str:
    """The glossary as a Markdown page."""
    return "# Glossary\n\n" + "\n\n".join(f"## {term}\n\n{text}" for term, text in TERMS.items()) + "\n"


def folded() -> str:
    """The glossary as a part of a Markdown page that a reader opens."""
    lines = "\n".join(f"- **{term}**: {text}" for term, text in TERMS.items())
    return f"## Terms\n\n<details><summary>What the words mean</summary>\n\n{lines}\n\n</details>"


def linked(text: str, address: str) -> str:
    """Markdown with the first use of each term in its prose linked to ``address``; headings and tables are left."""
    found: set[str] = set()
    lines = text.split("\n")
    return "\n".join(line if line.startswith(NO_PROSE) else _line(line, address, found) for line in lines)


def _line(line: str, address: str, found: set[str]) -> str:
    """One line with its terms linked that are not in ``found``, to which they are added."""
    parts, last = [], 0
    for kept in [*KEPT.finditer(line), None]:
        start = kept.start() if kept else len(line)
        parts.append(WORDS.sub(lambda match: _link(match, address, found), line[last:start]))
        parts.append(kept[0] if kept else "")
        last = kept.end() if kept else start
    return "".join(parts)


def _link(match: re.Match[str], address: str, found: set[str]) -> str:
    term = TERM_OF[match[0].lower()]
    if term in found:
        return match[0]
    found.add(term)
    return f"[{match[0]}]({address})"


def _words() -> dict[str, str]:
    """Every word that leads to a term, in small letters."""
    words = {}
    for term in TERMS:
        for word in (term, f"{term}s", *OTHERS.get(term, ())):
            words[word.lower()] = term
    return words


TERM_OF = _words()
WORDS = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, TERM_OF), key=len, reverse=True))})\b", re.IGNORECASE)
