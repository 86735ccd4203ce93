"""CERT: momentum contrast over a text and an augmentation of it; here with synonyms instead of back-translation."""

from infoviews.systems._system import MEASURED, System, Views

SYSTEM = System(
    title="CERT (synonyms)",
    citation=(
        "Fang, Wang, Zhou, Ding, Xie (2020), CERT: Contrastive self-supervised learning for language understanding; "
        "He, Fan, Wu, Xie, Girshick (2020), Momentum contrast, CVPR"
    ),
    views=Views("synonyms", "substitute", {"rate": 0.3}),
    critic={"cosine": {"temperature": 0.07}},
    contrast=MEASURED,
    additions={"queue": {"size": 4096, "momentum": 0.99, "temperature": 0.07}},
    departures=(
        "The augmentation swaps three words in ten for WordNet synonyms; the paper's is back-translation, which needs "
        "translation models.",
        "The key encoder keeps 0.99 of its weights at a step, MoCo's 0.999: the steps here are hundreds, not millions.",
        "Queries and keys are sentence vectors themselves, without a projection.",
    ),
)
