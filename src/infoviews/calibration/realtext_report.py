"""Table, figure and summary of the calibration on real texts: bias, coverage and where each estimator stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.calibration import joined, labelled
from infoviews.calibration.realtext import BOOTSTRAP, LEVELS, PAIRS, STAGE_K, STAGE_PAIRS, K, critics, intervals
from infoviews.calibration.realtext_reach import NATS, SHARE, must_reach, reach, right
from infoviews.calibration.report import markdown
from infoviews.files import replacing, write_text
from infoviews.information.axis import CHOSEN, TRUSTED
from infoviews.information.closed import CLOSED
from infoviews.language.joined import CITATION, channel

EVEN = 1e-3
"""Nats that no interval is asked to tell apart; where nothing is shared, some have no width."""

RUNS = [
    "kind",
    "level",
    "critic",
    "seed",
    "key",
    "estimator",
    "estimate",
    "low",
    "high",
    "flag",
    "verdict",
    "validation",
    "seconds",
]
SHARES = ("covers", "steady", "above", "flagged", "trusted", "misled")
LABEL = ["kind", "level", "critic", "seed", "estimator"]


def read_runs(out: Path) -> list[dict[str, Any]]:
    """What ``write_report`` wrote to ``texts_runs.csv``, or nothing where there is no file."""
    if not (out / "texts_runs.csv").is_file():
        return []
    frame = pd.read_csv(out / "texts_runs.csv", dtype={"key": str, "flag": str}, keep_default_na=False, na_values="-")
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return [dict(zip(frame.columns, row, strict=True)) for row in rows]


def together(new: list[dict[str, Any]], earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """New records, and the earlier ones of other runs of known critics, in an order that does not depend on which."""
    known = [record for record in [*earlier, *new] if record["critic"] in critics()]
    found = {tuple(record[name] for name in LABEL): record for record in known}
    return [found[label] for label in sorted(found)]


def table(records: list[dict[str, Any]]) -> pd.DataFrame:
    """One row for each collection, level, critic and estimator.

    Columns in nats: ``truth``, ``mean``, ``bias``, ``spread`` (standard deviation over repetitions), ``half`` (mean
    half-width of the intervals). Shares of the ``runs``: ``covers`` (the truth is inside the interval), ``steady`` (the
    mean of the repetitions is: whether the width is right, whatever the bias), ``above`` (the whole interval is above
    the truth), ``flagged``, ``trusted`` (by the verdict of the stage) and ``misled`` (trusted, and not right).
    Shares are empty where there is nothing to count.
    """
    frame = pd.DataFrame(records).reindex(columns=RUNS)
    frame[["estimate", "low", "high"]] = frame[["estimate", "low", "high"]].astype(float)
    label = ["kind", "level", "critic", "estimator"]
    mean = frame.groupby(label)["estimate"].transform("mean")
    given = frame["low"].notna()
    frame["half"] = (frame["high"] - frame["low"]) / 2
    frame["covers"] = ((frame["low"] <= frame["level"]) & (frame["level"] <= frame["high"])).where(given)
    frame["steady"] = ((frame["low"] - EVEN <= mean) & (mean <= frame["high"] + EVEN)).where(given)
    frame["above"] = (frame["low"] > frame["level"] + 1e-6).where(given)
    frame["flagged"] = (frame["flag"] != "").where(given)
    judged = frame["verdict"].notna()
    frame["trusted"] = (frame["verdict"] == TRUSTED).where(judged)
    missed = ~right(frame["estimate"] - frame["level"], frame["level"])
    frame["misled"] = ((frame["verdict"] == TRUSTED) & missed).where(judged)
    shares = {name: (name, lambda column: column.astype(float).mean()) for name in SHARES}
    result = frame.groupby(label).agg(
        runs=("estimate", "count"),
        mean=("estimate", "mean"),
        spread=("estimate", "std"),
        half=("half", "mean"),
        **shares,
    )
    result = result.reset_index().rename(columns={"level": "truth"})
    result.insert(6, "bias", result["mean"] - result["truth"])
    return result.sort_values(["kind", "critic", "estimator", "truth"], kind="stable").reset_index(drop=True)


def readability(work: Path, mirror: Path) -> pd.DataFrame:
    """How well the class is read from one text, and what that leaves of 2 nats at least, for every collection."""
    rows = []
    for name, kind in labelled.kinds().items():
        texts = labelled.load(kind, mirror, work / f"{name}.npz")
        read = [joined.confusion(texts, 0, tokens) for tokens in (False, True)]
        through = channel(len(read[0]), 2.0)
        least = max(through.readable(one) for one in read)
        rows.append(
            (name, kind.title, len(texts.labels), len(read[0]), *(one.diagonal().mean() for one in read), least)
        )
    columns = ["kind", "texts", "number", "classes", "by_features", "by_tokens", "of_2_nats_at_least"]
    return pd.DataFrame(rows, columns=columns)


def write_report(records: list[dict[str, Any]], work: Path, mirror: Path, out: Path) -> None:
    """Write ``texts_runs.csv``, ``texts.csv``, ``texts_readability.csv``, ``texts.svg`` and ``texts.md``."""
    runs = pd.DataFrame(records, columns=RUNS)
    write_text(out / "texts_runs.csv", runs.to_csv(index=False, na_rep="-"))
    frame = table(records)
    write_text(out / "texts.csv", frame.to_csv(index=False, float_format="%.4f"))
    read = readability(work, mirror)
    write_text(out / "texts_readability.csv", read.to_csv(index=False, float_format="%.4f"))
    draw(frame, out / "texts.svg")
    write_text(out / "texts.md", summary(frame, read))


def summary(frame: pd.DataFrame, read: pd.DataFrame) -> str:
    """The page that a reader opens."""
    clear = labelled.kinds()["sources"].clear
    shown = frame[frame["estimator"].isin(["infonce", "cca", "ksg"]) & (frame["half"].notna())]
    judged = frame[frame["trusted"].notna() & (frame["estimator"] == "infonce")]
    lines = [
        "# Calibration on real texts",
        "",
        f"Pairs of real texts whose information is known (after {CITATION}): the classes of both sides went "
        f"through a symmetric channel. Unless said otherwise, {PAIRS:,} pairs fit a critic and {K:,} of other "
        f"documents are measured; intervals are of {BOOTSTRAP} bootstrap replicates. Every repetition parts the "
        "documents anew. Values in nats.",
        "",
        "Each side joins one text for each part of the information, up to twelve. Features are joined place by place, "
        "and tokens are marked with their place. A view of the study is one text, whose words stand in no such order.",
        "",
        "The truth is exact: a text has one class, and texts of one class are drawn independently. It can be reached "
        "only as far as the class can be read. `by_features` and `by_tokens` are the shares of held-out texts that a "
        "logistic classifier reads right, averaged over classes. `of_2_nats_at_least` is what 2 nats become when a "
        "classifier reads both sides, a lower limit by data processing. Texts of `sources` are left out to whose class "
        f"a classifier of other documents gives less than {clear:g}. The other collections cannot be read well enough "
        "to calibrate on.",
        "",
        markdown(read),
        "",
        "## What must be reached",
        "",
        f"`{CHOSEN}` is InfoNCE as the `information` stage measures it on features: {STAGE_PAIRS:,} pairs fit critics "
        f"with and without a Gaussian start, and {STAGE_K:,} pairs are measured. "
        "The better start is chosen on pairs that are kept back. "
        "The interval reaches up to what more pairs or a wider critic would find.",
        "",
        markdown(must_reach(frame)),
        "",
        f"The same of the Gaussian start alone, on {PAIRS:,} pairs:",
        "",
        markdown(must_reach(frame, "features")),
        "",
        f"The same of `features-plain` on {intervals()['features-plain-more-pairs'].more * PAIRS:,} pairs:",
        "",
        markdown(must_reach(frame, "features-plain-more-pairs")),
        "",
        "![estimate against truth](texts.svg)",
        "",
        "## Where each stops being right",
        "",
        f"Right is within {NATS} nats or {SHARE:.0%}, whichever is more. `bound-…` are critics trained by other "
        "bounds. `features` starts from a Gaussian; `features-plain` sees the features as they are and starts from "
        "none. `tokens` reads the words.",
        "",
        markdown(reach(frame)),
        "",
        "## Whether the verdict tells",
        "",
        f"The `information` stage calls a value `{TRUSTED}` where neither more pairs nor a wider critic promise more. "
        "`misled`: share of runs that are called so and are not right.",
        "",
        markdown(judged[["critic", "truth", "runs", "mean", "bias", "trusted", "misled"]]),
        "",
        "## Bias and coverage",
        "",
        "`covers`: share of intervals with the truth inside. `steady`: with the mean of the repetitions inside, which "
        "tells whether the width is right. `above`: share of intervals that lie wholly above the truth.",
        "",
        markdown(shown.drop(columns=["trusted", "misled"])),
        "",
    ]
    return "\n".join(lines)


def draw(frame: pd.DataFrame, path: Path) -> None:
    """Estimate less truth against truth: InfoNCE by critic on the left, other readings of the features on the right."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams |= {"svg.hashsalt": "infoviews", "svg.fonttype": "none"}
    from matplotlib import pyplot

    own = frame[frame["kind"] == "sources"]
    own = own.assign(place=own["truth"].map(LEVELS.index))
    critics = own[(own["estimator"] == "infonce") & own["half"].notna()]
    others = own[((own["critic"] == "features") & (own["estimator"] != "infonce")) | own["half"].isna()]
    bare = others["half"].isna() | others["estimator"].isin(CLOSED)
    others = others.assign(name=others["estimator"].where(bare, others["estimator"] + "@infonce"))
    named = (critics.assign(name=critics["critic"]), others)
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 4), layout="constrained", sharey=True)
    places, allowed = range(len(LEVELS)), np.maximum(NATS, SHARE * np.array(LEVELS))
    for panel, rows, title in zip(axes, named, ("InfoNCE, by critic", "other readings of features"), strict=True):
        panel.fill_between(places, -allowed, allowed, color="0.9")
        for index, (name, part) in enumerate(rows.groupby("name")):
            style = {"ls": "-" if index < 10 else "--", "marker": "o", "ms": 3, "capsize": 2}
            panel.errorbar(part["place"], part["bias"], part["spread"].fillna(0), label=name, **style)
        panel.set(title=title, xlabel="truth (nats)")
        panel.set_xticks(places, [f"{level:g}" for level in LEVELS])
        if panel.get_legend_handles_labels()[0]:
            panel.legend(fontsize=6, ncols=2)
    axes[0].set(ylabel="estimate - truth (nats)", ylim=(-4, 1))
    with replacing(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
    pyplot.close(figure)
