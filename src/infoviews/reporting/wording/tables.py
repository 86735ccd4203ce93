"""How tables and figures are read: what each shows, and how its numbers were made."""

from __future__ import annotations

TRANSFER = (
    "Bold marks a score that is better than every other row by more than the interval of the difference. "
    "The first rows are controls: encoders without contrastive training, and views that share nothing."
)
SEEDS = (
    "Test scores are in percent, with 95 % intervals over seeds and test examples. "
    "The spread of seeds is pooled over this study's cells, so another study may have other intervals for the same "
    "encoders."
)
ALONE = "Test scores are in percent, with 95 % intervals over test examples only (one seed each)."
PUBLISHED = "Published rows are others' numbers, mostly with larger encoders, and have no interval here."
SYSTEMS = "Systems of the field and published rows have a table of their own, `systems.md`."

INFORMATION = (
    "Information is what two views share as the encoder reads them, in nats. "
    "It is that of the texts as drawn, or of the encoder's features under dropout where a setting names a rate. "
    "Other cells all train with the encoder's own dropout, which is not counted. "
    "It is measured on held-out documents, by a critic fitted on others. "
    "Intervals are 95 %, from a bootstrap of documents. "
    "'chosen' marks the critic that did best on documents other than those measured. "
    "InfoNCE cannot exceed its ceiling, log K. "
    "DV and NWJ hardly exceed theirs, since their scores are cut at the log of the pairs that fitted the critic. "
    "DV and SMILE are estimates, not bounds. "
    "An estimate is trusted if more pairs for the critic, or one of twice the size, would hardly find more. "
    "The interval of the chosen InfoNCE reaches up to what they would find."
)

TEXTS = (
    "'equal texts' is the share of held-out pairs whose two texts are the same, "
    "and 'repeated' that of candidates whose text another candidate has."
)

OBJECTIVES = (
    "Differences are in points, to the objective under 'against', on the same view settings, seeds and start. "
    "That is the main objective, or one with its bound and the row's own critic. "
    "'differs in' names the parts that are not the same, with their parameters. "
    "Intervals are 95 %, over the unit under 'over'. "
    "The error of the finite test sets is added, as if two encoders' errors were independent. "
    "p belongs to the interval; averages are corrected together, and so are single tasks (Holm). "
    "SMILE is trained by JSD's loss, so with the same critic both give the same encoder."
)
SCATTER = (
    "Standard deviations of the average over tasks in points, with their degrees of freedom. "
    "They are pooled once, and every interval of this report uses them. "
    "An objective with at least four degrees of freedom has the spread of its own seeds. "
    "How objectives differ between settings is a mixed model of family, setting and seed, fitted to all objectives."
)
TIGHTNESS = (
    "The last training bound, and how far it is below the measured information (nats). "
    "τ is between bound and average transfer over view settings. "
    "The values of JSD and NCE are no bounds on information, so their gap means nothing. "
    "Tschannen et al. (2020) found tighter bounds with worse representations."
)
AGREEMENT = (
    "Kendall's τ between the orders in which two estimators put the view settings. Where it is one, they agree fully."
)
SENSITIVITY = (
    "The first row is the main curve's two-lines test. "
    "It is repeated once per estimator, on ranks, and without censored settings. "
    "An estimator is tested on the settings whose value is not above log n. "
    "Censored settings count as sharing at least so much; 'limits' is their number. "
    "A peak needs p < 0.05, a rise before and a fall after."
)
ERROR = (
    "Slopes of the two lines and place of the peak as measured, and as SIMEX expects them without measurement error. "
    "The error is the mean standard error of information in nats. "
    "Exact information has none."
)

LINKS = {
    "sweetspot.md": "transfer against information: is there a peak?",
    "questions.md": "every question of the study, each with an answer and a table",
    "robustness.md": "what the answer rests on: other objectives, estimators, ranks, measurement error",
    "transfer.md": "transfer of every encoder, with controls",
    "systems.md": "the systems of the field, with controls, encoders trained elsewhere and published rows",
    "information.md": "information between the views, by every estimator",
    "views.md": "what the views look like, with pairs to read",
    "corpus.md": "the text that the encoders were trained on",
    "failures.md": "what did not finish, and why",
}
"""What each page of a report shows."""


def transfer(one_seed: bool, published: bool, systems: bool) -> str:
    """How the transfer table is read.

    Args:
        one_seed: whether no setting has more; published, systems: whether there are such rows, in this table or their
            own.
    """
    parts = [ALONE if one_seed else SEEDS, TRANSFER, PUBLISHED if published else "", SYSTEMS if systems else ""]
    return " ".join(part for part in parts if part)
