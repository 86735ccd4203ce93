"""InfoWord: a group of words against the sentence in which it is masked, with masked-language-model training."""

from infoviews.systems._system import System, Views

SYSTEM = System(
    title="InfoWord",
    citation="Kong et al. (2020), A mutual information maximization perspective of language representation learning",
    views=Views("words-in-sentence", "ngram", {"words": 5}),
    critic={"dot": {}},
    additions={"mlm": {"weight": 1.0, "masked": 0.15}},
    departures=(
        "The group of words is encoded alone; the paper takes its states within the whole sentence.",
        "Groups have five words each; the paper draws their length.",
        "Both losses have weight 1; the paper tunes it.",
        "The sentence vector is the study's own pooling, the paper's is the state of [CLS]: all systems share it.",
    ),
)
