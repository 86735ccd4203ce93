"""The public functions: load and score encoders, draw views of texts, measure information between two arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # nothing heavy is imported before a function that needs it is called
    import numpy as np

    from infoviews.contracts import Estimate
    from infoviews.encoders.encoder import Encoder
    from infoviews.encoders.static import StaticEncoder

FEWEST = 160
"""Pairs: a critic is fitted on half of them, and checked by another on a quarter of that half, which needs 20."""


def load(checkpoint: str | Path, revision: str | None = None, pooling: str | None = None) -> Encoder | StaticEncoder:
    """Load an encoder; its ``encode(list of n texts)`` gives a float32 array (n, d).

    Args:
        checkpoint: a checkpoint folder of a study, a transformers or sentence-transformers folder, or a hub name.
        revision: commit or tag, for hub names.
        pooling: of a transformers folder, which does not say how it is pooled: ``cls`` for SimCSE's, say; the mean if
            left out.

    Examples:
        >>> encoder = infoviews.load("data/quick/checkpoints/infonce__tasks__s0")  # doctest: +SKIP
        >>> encoder.encode(["a sentence", "another one"]).shape  # doctest: +SKIP
        (2, 16)
    """
    from infoviews.encoders.checkpoint import load as load_checkpoint

    return load_checkpoint(checkpoint, revision, pooling)


def evaluate(
    encoder: Any,
    tasks: str | Path,
    names: Sequence[str] | None = None,
    protocol: str = "converged",
    params: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Score frozen embeddings on SentEval transfer tasks, as ``infoviews evaluate`` does.

    Args:
        encoder: anything with ``encode(list of n texts)`` that gives an array (n, d), sentence-transformers' models
            too, or a function that does so.
        tasks: folder of task files; what it lacks of ``names`` is fetched into it, from the mirror that
            ``INFOVIEWS_MIRROR`` names or else from the public archive.
        names: of tasks; those of the folder if left out, or the literature's seven where it holds none.
        protocol: ``converged``, or ``senteval`` for the original's.
        params: of the protocol.
        seed: of the bootstrap over test examples.

    Returns:
        ``tasks`` (name → ``metric``, ``test``, ``low``, ``high``, … times 100, 95 % intervals over test examples),
        ``averages`` over the ``six`` and the ``seven`` (``None`` where a task is missing), ``dimension``, ``protocol``
        and ``params``; ``notes`` where there is cause to doubt the scores. The same that the command writes as JSON.

    Raises:
        TypeError: ``encoder`` is neither.
        KeyError: an unknown task, protocol or parameter, with the nearest known one.
        ValueError: embeddings that are not (n, d), finite and real, or a parameter out of range.
        infoviews.sources.SourceError: task files that are nowhere.

    Examples:
        >>> infoviews.evaluate(encoder, "data/quick/tasks", ["trec"])["tasks"]["trec"]["test"]  # doctest: +SKIP
        61.2
    """
    from infoviews.sources import mirror_from_environment
    from infoviews.transfer import evaluate as transfer
    from infoviews.transfer.fetch import fetch_missing, held
    from infoviews.transfer.score import SEVEN

    encode = getattr(encoder, "encode", encoder)
    if not callable(encode):
        raise TypeError(f"{type(encoder).__name__} has no encode and is no function from texts to an array (n, d)")
    folder = Path(tasks)
    wanted = list(names) if names is not None else held(folder) or list(SEVEN)
    transfer.resolve(protocol, params)  # before anything is fetched
    fetch_missing(wanted, folder, mirror_from_environment())
    return transfer.evaluate(encode, folder, wanted, protocol, params, seed)


def draw_views(
    family: str,
    texts: str | Path | Sequence[str],
    dial: Any = None,
    count: int = 10,
    seed: int = 0,
    max_tokens: int = 64,
) -> list[tuple[str, str]]:
    """Draw pairs of views as a study would, in readable text: lower case, as its encoders read them.

    Args:
        family: module of ``infoviews.views``: ``crop``, ``spans``, ``delete``, …
        texts: a corpus folder, whose train documents are used, or the documents themselves. Those are cleaned and
            split into sentences, and every word of theirs is one token, so that dials in tokens count words.
        dial: the family's: how much the views share. Families without one take none.
        count: most pairs; fewer where the texts have fewer sentences of four tokens or more.
        seed: of the anchors and the draws.
        max_tokens: longest view, two for [CLS] and [SEP] included; longer ones are cut.

    Raises:
        KeyError: an unknown family, with the nearest known one.
        ValueError: a dial out of range, missing or not wanted; or texts that hold no sentence.
        infoviews.sources.SourceError: the family reads files that are not there.

    Examples:
        >>> infoviews.draw_views("crop", ["The cat sat on the mat."], dial=0.5, count=1)
        [('sat on the mat', 'cat sat on the')]
    """
    from tempfile import TemporaryDirectory

    from infoviews.corpus.store import open_corpus
    from infoviews.corpus.texts import write_texts
    from infoviews.sources import mirror_from_environment
    from infoviews.views.drawing.build import dialled, draw_split, setting
    from infoviews.views.drawing.facts import sample

    chosen = setting(family, dialled(family, dial), max_tokens, seed, mirror_from_environment())
    with TemporaryDirectory() as made:
        folder = Path(texts) if isinstance(texts, str | Path) else write_texts(Path(made) / "corpus", texts)
        corpus = open_corpus(folder)
        drawn = draw_split(corpus, chosen, split=0, count=count)
        return [(pair["first"], pair["second"]) for pair in sample(corpus, drawn.pairs, count=count)]


def estimate_information(
    x: np.ndarray, y: np.ndarray, seed: int = 0, critic: str = "separable", num_steps: int = 300, k: int = 4096
) -> list[Estimate]:
    """Measure the mutual information of two arrays of paired features, in nats.

    Half of the pairs, drawn by ``seed``, fit a critic; the others are measured and have no part in fitting or choosing.

    Args:
        x: (n, d) and y: (n, d'), row i of one the partner of row i of the other, at least ``FEWEST`` rows. Rows are
            taken as independent draws; intervals of rows that repeat each other are too narrow.
        seed: of the split, the critic and the bootstrap.
        critic: module of ``infoviews.critics``, with its default parameters.
        num_steps: of the critic's training.
        k: most candidates of InfoNCE, whose ceiling is log k, and most held-out pairs that are measured.

    Returns:
        One estimate for each estimator, with its 95 % interval ``low`` to ``high``, its ``ceiling`` and ``flag``. In
        ``notes``, ``verdict`` says how far it can be trusted (``trusted``, ``lower limit only``, ``not usable``) and
        ``because`` says why. The first, InfoNCE, is the one that studies take: a lower bound, checked with fewer pairs
        and a wider critic. An estimator that fails is nan, with the reason in ``notes["why"]``.

    Raises:
        KeyError: an unknown critic, with the nearest known one.
        ValueError: arrays of other shapes, too few rows, or values that are not finite.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(4000, 2))
        >>> best, *others = infoviews.estimate_information(x, x + rng.normal(size=(4000, 2)))  # truth: log 2
        >>> best.estimator, round(best.estimate, 1), best.notes["verdict"]
        ('infonce', 0.7, 'trusted')
    """
    import numpy as np

    from infoviews import registry
    from infoviews.information import measure
    from infoviews.information.axis import CHOSEN
    from infoviews.information.closed import CLOSED
    from infoviews.information.estimate import STATISTICS
    from infoviews.information.reading import Reading

    sides = [np.asarray(side) for side in (x, y)]
    shapes = [side.shape for side in sides]
    if any(len(shape) != 2 for shape in shapes) or shapes[0][0] != shapes[1][0] or shapes[0][0] < FEWEST:
        raise ValueError(f"x and y have shapes {shapes}; need (n, d) and (n, d') with the same n, {FEWEST} or more")
    if not all(np.isfinite(side).all() for side in sides):
        raise ValueError("x or y holds NaN or infinity; leave those rows out of both")
    registry.get("critics", critic)
    width = max(shape[1] for shape in shapes)  # columns of zeros carry nothing, and critics take sides of equal width
    wide = [np.pad(side, ((0, 0), (0, width - side.shape[1]))) for side in sides]
    order = np.random.default_rng([seed, 0x73706C69]).permutation(len(wide[0]))
    critics, heldout = ((wide[0][rows], wide[1][rows]) for rows in np.array_split(order, 2))
    names: dict[str, dict[str, Any]] = {name: {} for name in (*STATISTICS, *CLOSED)}
    params = measure.Params(names, critic={critic: {}}, num_steps=num_steps, k=k)
    found = measure.judged_estimates([Reading("features", critics, heldout)], params, seed)
    best = {e.estimator: e for e in found if e.features == CHOSEN}  # of one critic, its estimates with their checks
    kept = [e for e in found if e.features != CHOSEN]
    return sorted((best.get(e.estimator, e) for e in kept), key=lambda e: e.estimator != "infonce")
