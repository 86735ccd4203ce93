"""InfoMin: of the study's own views, those at the measured sweet spot, by development scores alone."""

from infoviews.systems._system import System

SYSTEM = System(
    title="InfoMin",
    citation="Tian, Sun, Poole, Krishnan, Schmid, Isola (2020), What makes for good views for contrastive learning?",
    departures=(
        "It is no training of its own: the view setting with the best development score among those of the study's "
        "curve, chosen on development data only and then scored on test.",
        "The paper also learns views, by a flow that hides what two of them share; here they are only chosen.",
    ),
)
