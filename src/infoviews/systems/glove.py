"""GloVe: word vectors out of the counts of the study's corpus, averaged; nothing is trained on pairs."""

from infoviews.systems._system import System

SYSTEM = System(
    title="GloVe, averaged",
    citation="Pennington, Socher, Manning (2014), GloVe: Global vectors for word representation, EMNLP",
    static={"glove": {}},
    departures=(
        "Vectors are of word pieces and as wide as the study's encoder, from the study's corpus; the published row has "
        "300 dimensions and 840 billion words of the web.",
        "The factorisation steps over square blocks of the counts, the authors' program over single entries.",
        "Counts reach full weight at 10 as in the authors' demonstration; the paper has 100, for billions of words.",
    ),
    published=("Avg GloVe", "GloVe 840B 300d"),
)
