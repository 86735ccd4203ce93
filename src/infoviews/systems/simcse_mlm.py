"""Unsupervised SimCSE with an additional masked-language-model loss, which the paper found to help transfer."""

from infoviews.systems._system import SENTENCE_TWICE, System

SYSTEM = System(
    title="SimCSE with MLM",
    citation="Gao, Yao, Chen (2021), SimCSE: Simple contrastive learning of sentence embeddings, EMNLP",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast={"sentences": {"projection": "tanh"}},
    additions={"mlm": {"weight": 0.1, "masked": 0.15}},
    departures=(
        "The sentence vector is the study's own pooling, the paper's is the state of [CLS]: all systems share it.",
        "The prediction head starts from random weights, the paper's from those of BERT.",
    ),
    published=("SimCSE unsup w/ MLM", "BERT-base"),
)
