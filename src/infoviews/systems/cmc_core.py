"""Contrastive multiview coding with a core view: the words against the letters and against the parts of speech."""

from infoviews.systems._system import System, Views

SYSTEM = System(
    title="CMC (core view)",
    citation="Tian, Krishnan, Isola (2020), Contrastive multiview coding, ECCV, section 3.3, equation 7",
    views=Views("words-letters-tags", "channels", {"channels": ["words", "characters", "tags"]}),
    critic={"cosine": {"temperature": 0.07}},
    contrast={"sentences": {"graph": "core"}},
    departures=(
        "All channels go through one encoder, which reads letters and tags as words; the paper has one per channel.",
        "Negatives are the batch's; the paper keeps a memory bank of the whole data.",
    ),
)
