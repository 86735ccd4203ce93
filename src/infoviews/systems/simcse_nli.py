"""Supervised SimCSE: a premise and what it entails, with a contradiction of it as hard negative."""

from infoviews.systems._system import MEASURED, System, Views

SYSTEM = System(
    title="SimCSE supervised",
    citation="Gao, Yao, Chen (2021), SimCSE: Simple contrastive learning of sentence embeddings, EMNLP, section 4",
    views=Views("entailed-and-contradicted", "entailment", {"negatives": True}),
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"hardnegatives": {"temperature": 0.05}},
    departures=(
        "The pairs are SNLI's development and test parts, RTE and MED: about five thousand premises with a "
        "contradiction for training. The paper has hundreds of thousands from SNLI and MNLI.",
        "There is no head between sentence vector and cosine; the paper keeps a layer with tanh there.",
        "The sentence vector is the study's own pooling, the paper's is the state of [CLS]: all systems share it.",
    ),
    published=("SimCSE sup", "BERT-base"),
)
