"""GloVe: vectors whose products are log co-occurrence counts of the study's corpus, averaged over a sentence."""

from infoviews.systems._system import System

SYSTEM = System(
    title="GloVe average",
    citation="Pennington, Socher, Manning (2014), GloVe: Global vectors for word representation, EMNLP",
    static={"glove": {}},
    departures=(
        "Vectors are of word pieces on the study's corpus and of the study's width; the published row has 300 "
        "dimensions and 840 billion words of the web.",
        "Counts below one half are left out, and an entry has full weight from a count of 10 on, the paper's 100: the "
        "corpus is a thousandth of theirs.",
    ),
    published=("Avg GloVe", "GloVe 840B 300d"),
)
