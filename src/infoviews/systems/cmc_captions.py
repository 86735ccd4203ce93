"""Contrastive multiview coding over captions: five people's descriptions of one image, every two together."""

from infoviews.systems._system import System, Views

SYSTEM = System(
    title="CMC (captions)",
    citation="Tian, Krishnan, Isola (2020), Contrastive multiview coding, ECCV, section 3.3; Hodosh et al. (2013)",
    views=Views("five-captions", "captions", {"captions": 5}),
    critic={"cosine": {"temperature": 0.07}},
    contrast={"sentences": {"graph": "full"}},
    departures=(
        "Views are captions of one image, which are all text; the paper's are channels of one image.",
        "Negatives are the batch's; the paper keeps a memory bank of the whole data.",
        "About five thousand images are in the training split, so the study's steps go over them several times.",
    ),
)
