"""Quick-Thoughts: which of the batch's sentences comes next? A softmax over inner products."""

from infoviews.systems._system import NEXT_SENTENCE, System

SYSTEM = System(
    title="Quick-Thoughts",
    citation="Logeswaran, Lee (2018), An efficient framework for learning sentence representations, ICLR",
    views=NEXT_SENTENCE,
    critic={"dot": {}},
    departures=(
        "Sentence and successor go through one encoder; the paper trains two and joins their vectors.",
        "The context is the next sentence; the paper takes those before and after.",
        "The encoder is the study's transformer, the paper's is a GRU over words.",
    ),
    published=("Quick-Thoughts MC-QT", "GRU multichannel 4800d"),
)
