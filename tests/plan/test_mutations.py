"""Whatever is wrong in params.yaml, its check ends in one line; ``benchmarks/fuzz_params.py`` also runs what passes."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
import yaml

from infoviews.plan import params

ROOT = Path(__file__).parents[2]
STUDIES = yaml.safe_load((ROOT / "benchmarks/params.fuzz.yaml").read_text(encoding="utf-8"))["studies"]


@pytest.fixture(scope="module")
def fuzz():
    """The benchmark, which is no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        import fuzz_params

        yield fuzz_params
    for name in ("fuzz_params", "study", "harness"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("seed", range(4))
def test_mutations_are_refused_in_one_line_or_pass(fuzz, seed: int) -> None:
    draw, passed = random.Random(seed), 0
    for _ in range(10):
        name = draw.choice(list(STUDIES))
        study, _, _ = fuzz.mutated(STUDIES[name], draw)
        config = yaml.safe_load(yaml.safe_dump({"study": name, "studies": {name: study}}))
        try:
            params.validate(config, fuzz.SCHEMA)
            passed += 1
        except (ValueError, KeyError) as error:
            message = str(error.args[0])
            assert "\n" not in message and message.startswith("params.yaml: ")
    assert passed < 10


def test_a_mutation_changes_one_place_and_leaves_the_original(fuzz) -> None:
    draw, before = random.Random(0), yaml.safe_dump(STUDIES)
    changed = [fuzz.mutated(STUDIES["text"], draw)[0] for _ in range(50)]
    assert yaml.safe_dump(STUDIES) == before
    assert sum(study != STUDIES["text"] for study in changed) >= 45


def test_bases_come_after_those_that_they_start_from(fuzz) -> None:
    import study

    bases = {"c": {"average": {"initial": "b"}}, "b": {"mlm": {"initial": "a"}}, "a": {"random": None}}
    assert study.ordered(bases) == ["a", "b", "c"]
