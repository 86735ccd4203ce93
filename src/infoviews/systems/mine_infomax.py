"""MINE as training signal: the Donsker-Varadhan bound of I(text; vector), its gradient corrected for bias."""

from infoviews.systems._system import SENTENCE_TWICE, System

SYSTEM = System(
    title="MINE",
    citation="Belghazi et al. (2018), Mutual information neural estimation, ICML, section 3.2",
    views=SENTENCE_TWICE,
    critic={"concat": {}},
    bound="mine",
    params={"rate": 0.01},
    contrast={"tokens": {"meet": "within"}},
    departures=(
        "The information is that between a sentence's vector and one of its token states, as in Deep InfoMax. The"
        " paper's is in generators and autoencoders, which this study does not have.",
        "Every pair of the batch is a sample of the product, the paper shuffles the batch once.",
    ),
)
