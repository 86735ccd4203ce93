"""Contrastive multiview coding over channels: a sentence's words, letters and parts of speech, every two together."""

from infoviews.systems._system import System, Views

SYSTEM = System(
    title="CMC (channels)",
    citation="Tian, Krishnan, Isola (2020), Contrastive multiview coding, ECCV, section 3.3",
    views=Views("words-letters-tags", "channels", {"channels": ["words", "characters", "tags"]}),
    critic={"cosine": {"temperature": 0.07}},
    contrast={"sentences": {"graph": "full"}},
    departures=(
        "All channels go through one encoder, which reads letters and tags as words; the paper has one per channel.",
        "Negatives are the batch's; the paper keeps a memory bank of the whole data.",
    ),
)
