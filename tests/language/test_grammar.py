"""Texts tell their factors, and nothing else in them depends on anything."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infoviews.contracts import Ragged
from infoviews.language.factors import CARDINALITIES, FACTORS, NAMES, latents
from infoviews.language.grammar import MOST_SYNONYMS, WORDS, Writing, read, sentences, write
from infoviews.language.words import FILLERS, FORMS, PRONOUNS, TEMPLATES


def test_words_of_a_value_belong_to_it_alone():
    private = [word for forms in FORMS.values() for value in forms for word in value.split()]
    common = {word for lists in (FILLERS, PRONOUNS) for words in lists.values() for word in words}
    common |= {word for template in TEMPLATES for word in re.sub(r"\{\w+\}", " ", template).split()}
    assert max(Counter(private).values()) == 1 and not common & set(private)


def test_every_factor_has_words_for_each_of_its_values():
    assert {factor.name: factor.values for factor in FACTORS} == {name: len(FORMS[name]) for name in NAMES}


def test_every_template_writes_tasks_once_and_nuisance_twice():
    for template in TEMPLATES:
        counts = Counter(re.findall(r"\{(\w+)\}", template))
        assert all(counts[factor.name] == (1 if factor.task else 2) for factor in FACTORS)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([1, 2]), st.integers(1, MOST_SYNONYMS))
def test_texts_are_read_back(seed, mentions, synonyms):
    rng = np.random.default_rng(seed)
    values = rng.integers(CARDINALITIES, size=(200, len(FACTORS)))
    assert (read(write(values, Writing(mentions, synonyms), rng)) == values).all()


def test_strings_and_numbers_are_the_same_texts():
    values = latents(1, np.arange(50))
    numbers = write(values, Writing(), np.random.default_rng(2))
    texts = sentences(values, Writing(), np.random.default_rng(2))
    assert [" ".join(WORDS[i] for i in row) for row in numbers] == [text.replace("\n", " ") for text in texts]
    assert all(text.count("\n") == 1 for text in texts)


def test_template_and_fillers_do_not_depend_on_the_values():
    """A chi-square-free check: the same random numbers give the same filler words whatever the values are."""
    kept = {WORDS.index(word) for words in FILLERS.values() for word in words}
    texts = [write(latents(seed, np.arange(300)), Writing(), np.random.default_rng(0)) for seed in (1, 2)]
    fillers = [[i for i in text.ids.tolist() if i in kept] for text in texts]
    assert fillers[0] == fillers[1] and (texts[0].offsets == texts[1].offsets).all()


def test_one_mention_leaves_one():
    values = latents(0, np.arange(300))
    text = write(values, Writing(mentions=1), np.random.default_rng(0))
    topics = np.array([WORDS.index(word) for word in FORMS["topic"]])
    assert np.isin(text.ids, topics).sum() == 300


def test_a_text_that_is_not_of_the_language_is_refused():
    with pytest.raises(ValueError, match="does not write the factor"):
        read(Ragged(np.array([WORDS.index("superb")]), np.array([0, 1])))


def test_latents_do_not_depend_on_order_or_company():
    numbers = np.array([5, 90_000, 4095, 4096])
    assert (latents(3, numbers)[::-1] == latents(3, numbers[::-1])).all()
    assert (latents(3, numbers[1:2])[0] == latents(3, np.arange(89_990, 90_010))[10]).all()
    assert (latents(3, np.arange(100)) != latents(4, np.arange(100))).any()


@pytest.mark.parametrize("bad", [{"mentions": 3}, {"synonyms": 0}, {"synonyms": MOST_SYNONYMS + 1}])
def test_writing_out_of_range(bad):
    with pytest.raises(ValueError, match="language"):
        Writing(**bad)
