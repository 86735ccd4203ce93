"""Parameters that cannot work are found at plan time, each alone or together with the keys that bind it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews.plan import params, values

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow/schemas/params.schema.yaml"
SHIPPED = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def changed(study: str, changes: dict[str, Any]) -> dict[str, Any]:
    """params.yaml with other values in one study, each path parted by slashes."""
    config = copy.deepcopy(SHIPPED) | {"study": study}
    config["studies"] = {study: config["studies"][study]}
    for path, value in changes.items():
        *parents, last = path.split("/")
        place = config["studies"][study]
        for key in parents:
            place = place[int(key) if isinstance(place, list) else key]
        place[last] = value
    return config


def fault(study: str, changes: dict[str, Any]) -> str:
    """The message that planning the changed study ends with; fails where it does not."""
    with pytest.raises(ValueError) as raised:
        config = changed(study, changes)
        params.validate(config, SCHEMA)
        values.check(f"params.yaml: studies.{study}", params.study_of(config))
    message = str(raised.value)
    assert "\n" not in message
    return message


ENTAILED = {"family": "entailment", "params": {"sets": ["snli"]}}
QUEUE = {"critic": {"dot": {}}, "additions": {"queue": {"size": 32}}}
CIRCLE = {
    "a": {"average": {"initial": "b"}},
    "b": {"average": {"initial": "a"}},
    "random": {"random": {}},
    "bag-of-words": {"bagofwords": {}},
}
TWICE_LIMITED = {"critic": {"dot": {"clip": 5.0}}, "contrast": {"layers": {"layers": [1, 0]}}}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("information/estimators", {"smile": {"clip": float("nan")}}, "smile.clip: given nan; allowed: finite numbers"),
        ("objectives/infonce/critic", {"cosine": {"temperature": float("inf")}}, "temperature: given inf; allowed"),
        ("views/settings/none/params", {"shared": [], "noise": float("nan")}, "noise: given nan; allowed: finite"),
        ("pretrain/batch_size", 4000, "pretrain.batch_size: given 4000; allowed: at most views.counts.train, 3000"),
        ("encoder/bert/max_tokens", 30, "views.max_tokens: given 34, but the encoder reads 30"),
        ("corpus/source", {"language": {"documents": 3}}, "source.language.documents: given 3, of which"),
        ("views/counts", {"train": 4000, "critic": 800, "heldout": 800}, "counts.train asks for 4000 pairs, one a doc"),
        ("corpus/split", {"critic": 0.0, "heldout": 0.1}, "corpus.split.critic: given 0, but views.counts.critic asks"),
        ("corpus/split", {"critic": 0.6, "heldout": 0.6}, "shares of at least 0 with a sum below 1"),
        ("corpus/minimum_words", 40, "corpus.minimum_words: given 40; allowed: at most 24"),
        ("corpus/tokenizer_revision", "86b5e09", "no tokenizer is given that it could be the revision of"),
        ("corpus/source", {"embedded": {}}, "settings.none.family: given 'language', which draws only from"),
        ("corpus/source", {"text": {"path": "no/such"}}, "given 'no/such', where there is nothing"),
        ("tasks/params", {"examples": 60}, "tasks.params: language tasks: examples is 60; at least 100"),
        ("tasks/params", {"examples": 110}, "tasks.params.examples: task 'trec': class"),
        ("tasks/params", {"examples": "many"}, "tasks.params"),
        ("transfer/params", {"folds": 99}, "folds"),
        ("information/k", 500, "information.k: given 500; allowed: at most 400"),
        ("information/pairs", {"critic": 900}, "information.pairs.critic: given 900; allowed: 20 to views.counts"),
        ("information/pairs", {"heldout": 4}, "information.pairs.heldout: given 4; allowed: 20 to"),
        ("information/bootstrap", 1e400, "information.bootstrap: given inf; allowed: finite"),
        ("views/counts/heldout", 5, "views.counts.heldout: given 5; allowed: at least 20"),
        ("start", "bag-of-words", "start: given 'bag-of-words', which holds word vectors alone"),
        ("bases/mean", {"average": {"initial": "bag-of-words"}}, "bases.mean.initial: given 'bag-of-words', which"),
        (
            "bases",
            CIRCLE,
            "bases start from each other in a circle: a from b from a",
        ),
        ("bases/mine", {"folder": {"path": "no/such"}}, "bases.mine.folder.path: given 'no/such', where there is"),
        ("bases/random", {"random": {"dimension": 0}}, "dimension is 0"),
        ("encoder/bert/layers", 0, "layers"),
        ("encoder/bert/pooling", "average", "pooling"),
        ("encoder/bert/width", 0, "width"),
        ("objectives/infonce", QUEUE, "additions.queue.size: given 32; allowed: at least a batch"),
        ("objectives/infonce", TWICE_LIMITED, "the critic has a clip, too; give one of the two"),
        ("objectives/infonce/contrast", {"layers": {"layers": [-1, -5]}}, "the encoder has layers 0 to 1"),
        ("objectives/infonce/contrast", {"sentences": {"weight": 0}}, "so nothing would learn"),
        ("objectives/infonce/additions", {"nli": {}}, "infonce on views.settings.none: nli: pairs must carry labels"),
        ("objectives/infonce/additions", {"hardnegatives": {}}, "pairs need a third view of hard negatives"),
        ("objectives/infonce/additions", {"causal": {}}, "objectives.infonce on views.settings.none: "),
        ("objectives/infonce/additions", {"permutation": {}}, "objectives.infonce on views.settings.none: "),
        ("pretrain/recompute", True, "recompute saves memory only pass by pass; give chunk"),
        ("gpu", 3, "given 64; allowed: multiples of gpu, 3"),
        ("bases/cut", {"skipgram": {"seed": -3}}, "seed"),
        ("corpus/source", {"language": {"documents": 4800, "seed": -1}}, "seed"),
    ],
)
def test_what_cannot_work_is_said_before_any_job_starts(path: str, value: Any, message: str) -> None:
    assert message in fault("demo", {path: value})


def test_the_axis_needs_an_estimator_that_reads_its_features() -> None:
    tokens = {"sweetspot/features": "tokens", "sweetspot/estimator": "cca"}
    assert "given 'cca', which is not measured on features tokens" in fault("real", tokens)


def test_the_setting_that_rate_and_steps_were_tuned_on_must_be_one() -> None:
    assert "sweetspot.tuned_on: unknown name 'span-0'" in fault("real", {"sweetspot/tuned_on": "span-0"})


def test_labels_and_third_views_are_there_where_the_family_gives_them() -> None:
    for addition, params_of in {"nli": {"labelled": True}, "hardnegatives": {"negatives": True}}.items():
        view = {"family": "entailment", "params": {"sets": ["snli"]} | params_of}
        objective = {"bound": "infonce", "critic": {"dot": {}}, "additions": {addition: {}}}
        grid = [{"settings": ["judged"], "objectives": ["other"], "seeds": [0]}]
        config = changed("real", {"views/settings/judged": view, "objectives/other": objective, "grid": grid})
        config["studies"]["real"]["systems"] = {}
        values.check("real", params.study_of(config))


@pytest.mark.parametrize("study", ["demo", "sensitivity"])
def test_shipped_studies_have_no_fault(study: str) -> None:
    config = changed(study, {})
    params.validate(config, SCHEMA)
    values.check(study, params.study_of(config))


@pytest.mark.parametrize("name", ["../x", "a/b", "UPPER", "two words", "", 3])
def test_names_of_studies_obey_the_pattern_of_settings(name: Any) -> None:
    config = {"study": name, "studies": {name: SHIPPED["studies"]["demo"]}}
    with pytest.raises(ValueError, match=r"params.yaml: stud"):
        params.validate(copy.deepcopy(config), SCHEMA)


@pytest.mark.parametrize("name", ["specs", "benchmarks"])
def test_studies_do_not_take_the_place_of_other_records(name: str) -> None:
    config = {"study": name, "studies": {name: copy.deepcopy(SHIPPED["studies"]["demo"])}}
    with pytest.raises(ValueError, match=f"studies.{name}: .* lies there; give the study another name"):
        params.validate(config, SCHEMA)


def test_numbers_are_read_as_what_they_are_meant_to_be() -> None:
    """``1e-3`` is a text in YAML 1.1; 30.0 is an integer in JSON Schema only."""
    written = yaml.safe_load("{rate: 1e-3, steps: 30.0, temperature: 5e-2, clip: [1e-2, 1e0], noise: 1e-2, title: 1e3}")
    config = changed(
        "demo",
        {
            "pretrain/learning_rate": written["rate"],
            "pretrain/num_steps": written["steps"],
            "title": written["title"],
            "objectives/infonce/critic": {"cosine": {"temperature": written["temperature"]}},
            "transfer/params": {"grid": written["clip"]},
            "views/settings/film/params": {"noise": written["noise"], "shared": ["film"]},
        },
    )
    params.validate(config, SCHEMA)
    study = params.study_of(config)
    assert study["pretrain"]["learning_rate"] == 0.001 and study["title"] == "1e3"
    assert repr(study["pretrain"]["num_steps"]) == "30"
    assert study["objectives"]["infonce"]["critic"]["cosine"]["temperature"] == 0.05
    assert study["transfer"]["params"]["grid"] == [0.01, 1.0]
    assert study["views"]["settings"]["film"]["params"]["noise"] == 0.01
    values.check("demo", study)


@pytest.mark.parametrize("given", [3, "text", ["a"]])
def test_a_module_is_given_a_mapping(given: Any) -> None:
    assert "allowed: type" in fault("demo", {"objectives/infonce/critic": {"dot": given}})
    assert "allowed: type" in fault("demo", {"bases/random": {"architecture": {"initial": "random", "encoder": given}}})
