"""Unsupervised SimCSE: one sentence under two dropout masks, told from the other sentences of the batch."""

from infoviews.systems._system import SENTENCE_TWICE, System

SYSTEM = System(
    title="SimCSE",
    citation="Gao, Yao, Chen (2021), SimCSE: Simple contrastive learning of sentence embeddings, EMNLP, section 3",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast={"sentences": {"projection": "tanh"}},
    departures=(
        "The sentence vector is the study's own pooling, the paper's is the state of [CLS]: all systems share it.",
        "A sentence that occurs twice in a batch is no negative of itself where the study masks duplicates.",
    ),
    published=("SimCSE unsup", "BERT-base"),
)
