"""DeCLUTR: spans of one document, near, overlapping or one within the other, with masked-language-model training."""

from infoviews.systems._system import System, Views

SYSTEM = System(
    title="DeCLUTR",
    citation=(
        "Giorgi, Nitski, Wang, Bader (2021), DeCLUTR: Deep contrastive learning for unsupervised textual "
        "representations, ACL"
    ),
    views=Views("spans-any", "spans", {"distance": "any"}),
    critic={"cosine": {"temperature": 0.05}},
    params={"symmetric": True},
    additions={"mlm": {"weight": 1.0, "masked": 0.15}},
    departures=(
        "Spans have at most 32 tokens and the paper's at most 512: the encoder is small and its inputs are short.",
        "An anchor has one positive; the paper averages the vectors of two.",
        "Anchors are spread over the corpus; the paper puts two of each document into a batch, as hard negatives.",
    ),
    published=("DeCLUTR-base", "RoBERTa-base 125M"),
)
