"""Skip-gram: word vectors of the study's corpus, averaged over a sentence; nothing is trained on pairs."""

from infoviews.systems._system import System

SYSTEM = System(
    title="Skip-Gram, averaged",
    citation="Mikolov et al. (2013), Distributed representations of words and phrases, NeurIPS",
    static={"skipgram": {"average": True, "epochs": 1}},
    departures=(
        "Vectors are of word pieces and as wide as the study's encoder, from one pass over its corpus. The "
        "published row has 300 dimensions and a hundred billion words of news.",
        "Frequent words are not thinned out beyond gensim's default, and no phrases are joined.",
    ),
    published=("word2vec BoW", "word2vec 300d (Google News)"),
)
