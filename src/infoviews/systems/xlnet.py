"""XLNet: tokens predicted in random orders, for the same steps as the contrastive systems."""

from infoviews.systems._system import MEASURED, SENTENCE_TWICE, System

SYSTEM = System(
    title="XLNet (permutation LM)",
    citation="Yang et al. (2019), XLNet: Generalized autoregressive pretraining for language understanding, NeurIPS",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"permutation": {"weight": 1.0, "predicted": 1 / 6}},
    encoder={"xlnet": {}},
    departures=(
        "Its word embeddings are those of the study's base, and all else starts from random weights; the paper trains "
        "from scratch on 33 billion word pieces.",
        "Texts are single sentences, without the memory of the text before and without second segments.",
        "The tokens to predict, one in six as in the paper, are single ones, not spans.",
        "Each sentence has two orders a step, so that a step reads what a contrastive one does.",
    ),
)
