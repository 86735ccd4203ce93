"""CoVe: the encoder of a translation model, as it is; nothing is trained on pairs."""

from infoviews.systems._system import System

SYSTEM = System(
    title="CoVe",
    citation="McCann, Bradbury, Xiong, Socher (2017), Learned in translation: Contextualized word vectors, NeurIPS",
    static={"cove": {}},
    departures=(
        "The translation model is a Marian transformer, where one is named; the paper's is a two-layer LSTM "
        "trained on WMT 2017. Without one its row says what is missing.",
        "Sentence vectors are the mean of the encoder's states alone; the paper joins them with GloVe vectors and "
        "feeds them to a classifier with attention.",
        "It has one row for all seeds, since nothing is random.",
    ),
)
