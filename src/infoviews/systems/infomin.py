"""InfoMin: of the study's own views, those at the measured sweet spot, by development scores alone."""

from infoviews.systems._system import System

SYSTEM = System(
    title="InfoMin",
    citation="Tian, Sun, Poole, Krishnan, Schmid, Isola (2020), What makes for good views for contrastive learning?",
    departures=(
        "It is not trained by itself: it is the setting of the study's curve with the best development score, "
        "then scored on test.",
        "The paper also learns views, by a flow that hides what two of them share; here they are only chosen.",
    ),
)
