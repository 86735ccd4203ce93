"""BERT: masked-language-model training alone, for the same steps as the contrastive systems."""

from infoviews.systems._system import MEASURED, SENTENCE_TWICE, System

SYSTEM = System(
    title="BERT (MLM)",
    citation="Devlin, Chang, Lee, Toutanova (2019), BERT: Pre-training of deep bidirectional transformers, NAACL",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"mlm": {"weight": 1.0, "masked": 0.15}},
    departures=(
        "It goes on from the study's base for the study's steps on single sentences; the paper starts from random "
        "weights and reads pairs of long segments with next-sentence prediction.",
        "Each sentence is masked twice a step, so that a step costs what a contrastive one does.",
    ),
    published=("Avg BERT embeddings", "BERT-base"),
)
