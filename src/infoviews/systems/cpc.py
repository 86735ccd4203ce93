"""Contrastive predictive coding: a recurrent context predicts vectors of what comes, one map per offset."""

from infoviews.systems._system import NEXT_SENTENCE, System

SYSTEM = System(
    title="CPC",
    citation="van den Oord, Li, Vinyals (2018), Representation learning with contrastive predictive coding",
    views=NEXT_SENTENCE,
    critic={"dot": {}},
    contrast={"future": {"parts": 3}},
    departures=(
        "The context reads three parts of a sentence and predicts three parts of the next; the paper's reads whole "
        "sentences of a book and predicts up to three sentences ahead.",
        "The encoder is the study's transformer, the paper's a convolution over words with a GRU on top.",
    ),
)
