"""Sentence-BERT: a siamese encoder that learns to classify pairs of sentences by natural-language inference."""

from infoviews.systems._system import MEASURED, System, Views

SYSTEM = System(
    title="SBERT",
    citation="Reimers, Gurevych (2019), Sentence-BERT, EMNLP, section 3",
    views=Views("judged-pairs", "entailment", {"labelled": True}),
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"nli": {"weight": 1.0}},
    departures=(
        "The pairs are SNLI's development and test parts, RTE and MED, about twenty thousand in the training split; "
        "the paper has about a million of SNLI and MNLI.",
        "Training takes the study's steps over these pairs, so more than the paper's single epoch.",
    ),
    published=("SBERT-NLI-base", "BERT-base"),
)
