"""What every view family must do; a new module of ``infoviews.views`` is tested with no edit here."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from infoviews import registry
from infoviews.sources import SourceError, mirror_from_environment
from infoviews.views.drawing.build import candidates, draw_split, setting
from infoviews.views.drawing.facts import Tally

FAMILIES = registry.names("views")
COUNT = 150


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr("infoviews.views.drawing.build.CHUNK", 100)


@pytest.fixture
def draw(corpus, language_corpus, beside_the_dial):
    """Draw pairs of a family at a dial value, from the corpus that it can use."""

    def drawn(family: str, value: object, seed: int = 0, count: int = COUNT):
        module = registry.get("views", family)
        if any(field.name == "mirror" for field in fields(module.Params)) and mirror_from_environment() is None:
            pytest.skip(f"{family} reads raw files; INFOVIEWS_MIRROR is not set")
        given = beside_the_dial.get(family, {}) | ({} if module.DIAL == "" else {module.DIAL: value})
        chosen = setting(family, given, max_tokens=66, seed=seed, mirror=mirror_from_environment())
        used = language_corpus if getattr(module, "SOURCE", "") == "language" else corpus
        try:
            return draw_split(used, chosen, 0, count), len(candidates(used, chosen, 0))
        except SourceError as error:
            pytest.skip(str(error))

    return drawn


def dials(family: str) -> tuple:
    return registry.get("views", family).SWEEP or (None,)


EVERY = [(family, value) for family in FAMILIES for value in dials(family)]


@pytest.mark.parametrize(("family", "value"), EVERY, ids=str)
def test_views_are_there_and_lie_side_by_side(draw, family, value):
    drawn, offered = draw(family, value)
    pairs = drawn.pairs
    assert len(pairs.anchors) == len(set(pairs.anchors.tolist())) > 0 and len(pairs.views) >= 2
    assert {view.ids.dtype for view in pairs.views} == {np.dtype(np.uint16)}
    assert all(len(view) == len(pairs.anchors) and (view.lengths > 0).all() for view in pairs.views)
    assert len(pairs.anchors) == COUNT or len(pairs.anchors) + drawn.skipped == offered


@pytest.mark.parametrize("family", FAMILIES)
def test_the_seed_decides_everything(draw, family):
    value = dials(family)[-1]
    one, again, other = (draw(family, value, seed)[0].pairs for seed in (1, 1, 2))
    assert (one.anchors == again.anchors).all()
    for a, b in zip(one.views, again.views, strict=True):
        assert (a.ids == b.ids).all() and (a.offsets == b.offsets).all()
    assert len(one.anchors) != len(other.anchors) or (one.anchors != other.anchors).any()


@pytest.mark.parametrize("family", [family for family in FAMILIES if len(dials(family)) > 1])
def test_overlap_falls_along_the_dial(draw, family):
    overlaps = []
    for value in dials(family):
        tally = Tally()
        tally.add(draw(family, value)[0].pairs)
        overlaps.append(tally.facts()["overlap"])
    assert (np.diff(overlaps) <= 0.02).all(), overlaps  # 0.02: settings that skip anchors differ in their sentences


@pytest.mark.parametrize("family", [family for family in FAMILIES if dials(family) != (None,)])
def test_a_dial_out_of_range_is_refused(family):
    module = registry.get("views", family)
    with pytest.raises(ValueError, match=f"(?s){family}.*"):
        registry.parameters(module, {module.DIAL: module.REFUSED})


@pytest.mark.parametrize("family", FAMILIES)
def test_family_says_where_it_comes_from(family):
    module = registry.get("views", family)
    assert len(module.CITATION) > 20 and module.draw.__doc__
