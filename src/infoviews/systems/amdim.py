"""AMDIM: the vector of one view against the tokens of another at several layers, scores held in softly."""

from infoviews.systems._system import System, Views

SYSTEM = System(
    title="AMDIM",
    citation=(
        "Bachman, Hjelm, Buchwalter (2019), Learning representations by maximizing mutual information across views, "
        "NeurIPS"
    ),
    views=Views("words-left-out", "delete", {"rate": 0.3}),
    critic={"dot": {"scaled": True}},
    # limit and penalty as in the authors' released code
    contrast={"layers": {"layers": [-1, -2], "local": True, "clip": 20.0, "penalty": 0.05}},
    departures=(
        "Views are a sentence with three words in ten left out, twice; the paper's are crops and colours of images.",
        "One token of each text is drawn for each matrix; the paper scores every place.",
    ),
)
