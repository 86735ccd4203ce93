"""IS-BERT: a sentence's vector against its own n-grams seen through convolutions, by the Jensen-Shannon bound."""

from infoviews.systems._system import SENTENCE_TWICE, System

SYSTEM = System(
    title="IS-BERT",
    citation=(
        "Zhang, He, Liu, Lim, Bing (2020), An unsupervised sentence embedding method by mutual information "
        "maximization, EMNLP, section 3"
    ),
    views=SENTENCE_TWICE,
    critic={"dot": {}},
    bound="jsd",
    contrast={"ngrams": {"meet": "within", "sizes": [1, 3, 5]}},
    departures=(
        "The sentence vector is the encoder's own; the paper's is the mean of the n-gram features. So a checkpoint "
        "stays a plain encoder, and the convolutions are heads of training alone.",
        "Two n-grams are drawn from each text at each step; the paper takes all.",
    ),
    published=("IS-BERT", "BERT-base"),
)
