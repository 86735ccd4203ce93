"""Does cropping train an encoder as entailment does, and do asymmetric critics gain on one-way views?"""

from __future__ import annotations

from infoviews.analysis.answers.entailment import ONE_WAY, TWO_WAY
from infoviews.analysis.evidence.designs import effect
from infoviews.analysis.record import AVERAGE, Answer
from infoviews.reporting.wording.question import INTERVALS, Question
from infoviews.reporting.wording.say import bracket, points, said

PROFILES_NOTE = (
    "A family's transfer profile is its transfer per task, less its mean over tasks, with the main objective. "
    "The distance of two profiles is the root mean square of their difference, less what noise alone gives. "
    "Its interval comes from seeds and test examples. "
    "CKA is linear and unbiased, on sentences of the tasks, averaged over pairs of settings."
)
ASYMMETRY_NOTE = (
    "The gain is the transfer with an asymmetric critic (bilinear, separable, concat) less that with a symmetric one "
    "(cosine, dot). "
    "Bound, views and seed are the same. "
    "The difference of two gains takes them as independent."
)


def profiles(found: Answer) -> str:
    """How far crop is from entailment, and what the nearest families and two seeds of the same views have."""
    row = next(r for r in found.rows if {r["first"], r["second"]} == {"crop", "entailment"})
    told, same = [], found.facts["same"]
    if row["distance"] is None:
        told.append("The transfer profiles of crop and entailment cannot be compared.")
    elif row["distance_low"] > 0:
        told.append("Crop and entailment differ as training signals.")
    else:
        told.append("No difference between crop and entailment as training signals is shown.")
    if row["distance"] is not None:
        apart = f"{row['distance']:.1f} points{bracket(row['distance_low'], row['distance_high'])}"
        told.append(f"Their transfer profiles are {apart} apart.")
        nearest, *further = sorted((r for r in found.rows if r["distance"] is not None), key=lambda r: r["distance"])
        if nearest is not row and nearest["distance"] < further[0]["distance"]:
            near = f"{nearest['first']} and {nearest['second']}, {nearest['distance']:.1f} points apart"
            told.append(f"The nearest two families are {near}.")
    if row["cka"] is not None:
        told.append(f"The CKA of their encoders is {row['cka']:.2f}{bracket(row['low'], row['high'], 2)}.")
        told.append(f"Two seeds of the same views have {same['cka']:.2f}." if same["cka"] is not None else "")
    return said(*told)


def asymmetry(found: Answer) -> str:
    """Both gains and their difference; a gain on one kind of views alone needs the two to differ."""
    if "more" not in found.facts:
        return ""
    one, two = (next(r for r in found.rows if (r["family"], r["task"]) == (f, AVERAGE)) for f in (ONE_WAY, TWO_WAY))
    more = found.facts["more"]
    says = "An asymmetric critic is not shown to gain on one-way views alone."
    if effect(one) == effect(more) == "better":
        says = "An asymmetric critic gains on one-way views; no gain on two-way ones is shown."
        if effect(two) == "better":
            says = "An asymmetric critic gains on both kinds of views, and more on one-way views."
    return said(
        says,
        f"On {ONE_WAY} it changes average transfer by {points(one)}.",
        f"On {TWO_WAY} it does so by {points(two)}.",
        f"The difference of the two is {points(more)}.",
    )


PROFILES = Question(
    "Does cropping a text train the encoder as entailment does?",
    "views of the families crop and entailment",
    profiles,
    lambda _: PROFILES_NOTE,
)
ASYMMETRY = Question(
    "Does an asymmetric critic help one-way entailment more than two-way paraphrase?",
    "one bound with a symmetric and an asymmetric critic, on views of the families entailment and paraphrase",
    asymmetry,
    lambda _: f"{ASYMMETRY_NOTE} {INTERVALS}",
)
