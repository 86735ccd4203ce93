"""The information stage on a small folder of views whose information is known exactly."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

from infoviews.contracts import SPLITS, Pairs, Ragged
from infoviews.encoders import static
from infoviews.information.measure import run
from infoviews.pairs import write_pairs
from infoviews.seals import read_record, write_record

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SYMBOLS, FILLER, ERROR = 6, 200, 0.05


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Views of one symbol of six through noisy channels, among five filler words, and random word vectors."""
    root = tmp_path_factory.mktemp("study")
    words = SPECIAL + [f"w{i}" for i in range(SYMBOLS + FILLER)]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "[UNK]")),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((len(words), 24)).astype(np.float32)
    vectors[len(SPECIAL) : len(SPECIAL) + SYMBOLS] *= 3
    static.save(root / "encoder", static.StaticEncoder(vectors, tokenizer))
    write_pairs(
        root / "views",
        {split: views(3000, rng) for split in SPLITS},
        {"exact": {"information": exact()}, "dropout": None},
    )
    return root


def exact() -> float:
    p = 2 * ERROR - ERROR**2 * SYMBOLS / (SYMBOLS - 1)
    return math.log(SYMBOLS) + (1 - p) * math.log(1 - p) + p * math.log(p / (SYMBOLS - 1))


def views(n: int, rng: np.random.Generator) -> Pairs:
    latent, sides = rng.integers(SYMBOLS, size=n), []
    for _ in range(2):
        seen = (latent + (rng.uniform(size=n) < ERROR) * rng.integers(1, SYMBOLS, size=n)) % SYMBOLS
        rows = np.column_stack([seen, SYMBOLS + rng.integers(FILLER, size=(n, 5))]) + len(SPECIAL)
        sides.append(Ragged(rows.ravel().astype(np.int32), np.arange(n + 1) * rows.shape[1]))
    return Pairs(tuple(sides), np.arange(n))


def spec(**given) -> dict:
    estimators = {"infonce": {}, "dv": {}, "nwj": {}, "smile": {"clip": 5.0}, "jsdbound": {}, "cca": {}, "ksg": {}}
    information = {"estimators": estimators, "critic": {"separable": {}}, "num_steps": 200, "bootstrap": 40, **given}
    return {"setting": "made", "seed": 1, "information": information}


def test_every_estimate_is_below_the_exact_value(study: Path) -> None:
    record = run(spec(), study / "views", {"words": study / "encoder"})
    assert record["exact"]["information"] == pytest.approx(exact()) and record["setting"] == "made"
    found = {e["estimator"]: e for e in record["estimates"] if e["features"] == "words"}
    assert set(found) == {"infonce", "dv", "nwj", "smile", "jsdbound", "cca", "ksg"}
    assert 0 < found["jsdbound"]["estimate"] < exact()
    for name in ("infonce", "dv", "nwj", "smile"):
        assert 0.7 * exact() < found[name]["estimate"] < exact() + 0.1
        assert found[name]["features"] == "words" and found[name]["low"] <= found[name]["high"]
    assert 0 < found["ksg"]["estimate"] < exact() + 0.1
    assert found["infonce"]["k"] == 3000 and found["smile"]["ceiling"] is None


def test_every_estimate_is_the_same_again(study: Path) -> None:
    few = spec(num_steps=20, pairs={"heldout": 600, "critic": 600}, tokens={"dimension": 16})
    first, again = (run(few, study / "views", {"words": study / "encoder"}) for _ in range(2))
    assert len(first["estimates"]) > 12 and json.dumps(first) == json.dumps(again)


def test_a_critic_of_tokens_loses_less_than_one_of_frozen_features(study: Path) -> None:
    made = run(spec(tokens={"dimension": 16}), study / "views", {"words": study / "encoder"})
    found = {(e["features"], e["estimator"]): e["estimate"] for e in made["estimates"]}
    assert {e for f, e in found if f == "tokens"} == {"infonce", "dv", "nwj", "smile", "jsdbound"}
    assert found["words", "infonce"] < found["tokens", "infonce"] < exact() + 0.05
    (axis,) = [e for e in made["estimates"] if (e["estimator"], e["features"]) == ("infonce", "chosen")]
    assert axis["notes"]["by"] == "tokens" and axis["estimate"] == found["tokens", "infonce"]
    assert axis["notes"]["trust"]["pairs"]["3000"] == axis["notes"]["trust"]["value"] == axis["estimate"]
    assert axis["notes"]["verdict"] == "trusted" and "share as the encoder reads them" in made["quantity"]
    assert found["tokens", "infonce"] > 0.93 * exact()
    for wrong in ({"dimension": 1}, {"width": 8}):
        with pytest.raises(ValueError, match="information.tokens"):
            run(spec(tokens=wrong), study / "views", {})


def twice(folder: Path, dropout: float | None, few: bool = False) -> Path:
    """Views that are the same text twice; ``few``: one text for all pairs."""
    rng = np.random.default_rng(1)
    same = {}
    for split in SPLITS:
        side = views(400, rng).views[0]
        side = side.take(np.zeros(400, dtype=np.int64)) if few else side
        same[split] = Pairs((side, side), np.arange(400))
    write_pairs(folder / "views", same, {"dropout": dropout})
    return folder / "views"


def test_the_dropout_of_a_dropout_setting_reaches_every_reading(study: Path, tmp_path: Path) -> None:
    """Tokens have no dropout and are left out; word vectors are dropped out, and more of them leaves less in common."""
    given = spec(tokens={"dimension": 16}, num_steps=5)
    values = []
    for rate in (0.1, 0.6):
        made = run(given, twice(tmp_path / str(rate), rate), {"words": study / "encoder"})
        assert {e["features"] for e in made["estimates"]} == {"words", "chosen"} and made["texts"]["equal"] == 1
        assert all("identical" not in e["flag"] for e in made["estimates"])
        values.append([e["estimate"] for e in made["estimates"] if e["estimator"] == "infonce"][0])
    assert values[0] > values[1] > 0.3


def test_a_named_dropout_counts_with_views_that_differ_and_none_leaves_the_texts(study: Path, tmp_path: Path) -> None:
    """Under dropout word vectors share less, and the known information is that of the texts alone."""
    found = {}
    for rate in (None, 0.0, 0.5):
        folder = tmp_path / str(rate) / "views"
        shutil.copytree(study / "views", folder)
        facts = read_record(study / "views" / "facts.json") | {"dropout": rate}
        write_record(folder / "facts.json", facts)
        pairs = {"heldout": 800, "critic": 800}
        given = spec(tokens={"dimension": 16}, num_steps=50, estimators={"infonce": {}}, pairs=pairs)
        found[rate] = run(given, folder, {"words": study / "encoder"})
    assert found[None] == found[0.0] and found[0.0]["exact"] == {"information": exact()}
    assert {e["features"] for e in found[0.5]["estimates"]} == {"words", "chosen"} and found[0.5]["exact"] is None
    words = {rate: made["estimates"][0]["estimate"] for rate, made in found.items()}
    assert words[0.5] < words[0.0]


@pytest.mark.parametrize("dropout", [None, 0.0])
def test_identical_texts_are_above_any_finite_value(study: Path, tmp_path: Path, dropout: float | None) -> None:
    given = spec(tokens={"dimension": 16}, num_steps=5)
    made = run(given, twice(tmp_path, dropout), {"words": study / "encoder"})
    found = {(e["features"], e["estimator"]): e for e in made["estimates"]}
    gaussian = found["words", "cca"]
    assert gaussian["estimate"] is None and gaussian["flag"] == "determined" and gaussian["failures"] == 0
    assert all(e["flag"] == "censored: identical texts" for e in found.values() if e["estimator"] != "cca")
    assert found["chosen", "infonce"]["notes"]["verdict"] == "lower limit only"
    assert "above any finite value" in found["chosen", "infonce"]["notes"]["because"]


def test_one_text_for_all_pairs_tells_nothing(study: Path, tmp_path: Path) -> None:
    given = spec(tokens={"dimension": 16}, num_steps=5)
    made = run(given, twice(tmp_path, None, few=True), {"words": study / "encoder"})
    found = {(e["features"], e["estimator"]): e for e in made["estimates"]}
    assert made["texts"] == {"equal": 1.0, "repeated": 1.0}
    assert found["words", "infonce"]["estimate"] == pytest.approx(0, abs=1e-6) and not found["words", "infonce"]["flag"]


def test_too_few_pairs_for_a_covariance_are_a_failure_on_record(study: Path) -> None:
    made = run(spec(pairs={"heldout": 40, "critic": 100}, num_steps=5), study / "views", {"words": study / "encoder"})
    found = {e["estimator"]: e for e in made["estimates"] if e["features"] == "words"}
    assert found["cca"]["flag"] == "failed" and found["cca"]["estimate"] is None
    assert found["cca"]["notes"]["verdict"] == "not usable" and "too few" in found["cca"]["notes"]["because"]
    assert found["infonce"]["n"] == 40 and "4096 candidates were asked for" in found["infonce"]["notes"]["fewer"]
    made = run(spec(pairs={"heldout": 10}, num_steps=5), study / "views", {"words": study / "encoder"})
    assert {e["flag"] for e in made["estimates"] if e["estimator"] != "ksg"} == {"failed"}  # on record, and no error


def test_bad_specs_and_encoders_are_errors(study: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="did you mean 'num_steps'"):
        run(spec(num_stepps=3), study / "views", {})
    with pytest.raises(ValueError, match="must name one"):
        run(spec(critic={"dot": {}, "separable": {}}), study / "views", {})
