"""GPT: each token predicted from the earlier ones, for the same steps as the contrastive systems."""

from infoviews.systems._system import MEASURED, SENTENCE_TWICE, System

SYSTEM = System(
    title="GPT (causal LM)",
    citation="Radford et al. (2018), Improving language understanding by generative pre-training",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"causal": {"weight": 1.0, "predicted": 0.15}},
    encoder={"gpt": {}},
    departures=(
        "Its word embeddings are those of the study's base, and all else starts from random weights; the paper trains "
        "from scratch on books, for a hundred times as many steps.",
        "Each step predicts 15 % of the tokens of each sentence, drawn twice; the paper predicts all. The softmax "
        "over the vocabulary would otherwise take most of the time of a step.",
        "Sentences are mean-pooled; the paper fine-tunes from the state of the last token.",
    ),
)
