"""Deep InfoMax: global and local information by the Jensen-Shannon bound, and vectors matched to a prior."""

from infoviews.systems._system import SENTENCE_TWICE, System

SYSTEM = System(
    title="Deep InfoMax",
    citation="Hjelm et al. (2019), Learning deep representations by mutual information estimation, ICLR, equation 8",
    views=SENTENCE_TWICE,
    critic={"dot": {}},
    bound="jsd",
    contrast={"sentences": {"weight": 0.5}, "tokens": {"weight": 1.0, "meet": "within"}},
    additions={"prior": {"weight": 0.1, "prior": "uniform"}},
    departures=(
        "The global term scores the sentence's vectors under two dropout masks; the paper's scores the vector against "
        "all local features together, which texts of any length do not allow.",
        "Local features are states of the top layer, two drawn from each text; the paper takes a lower layer's, all.",
        "The prior has mean zero and unit variance; the paper's is on the unit interval, into which its vectors "
        "are squashed.",
    ),
)
