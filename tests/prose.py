"""What counts as a sentence, a word and a number in generated prose, and which sentences are too much for a reader."""

from __future__ import annotations

import re

WORDS, NUMBERS = 30, 3
"""The most that a sentence may have of each."""

LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"^\s*(?:[-*]|\d+\.)\s+|</?[a-z][^>]*>|\*+")
END = re.compile(r"(?<!et al)(?<!e\.g)(?<!i\.e)[.!?]['\")\]]*\s+(?=[A-Z0-9`'\"(]|τ|p )")
NUMBER = re.compile(r"(?<![\w.-])[-+−]?\d[\d,]*(?:\.\d+)?(?!\w)")
OURS = ("beside", "uncensored", "said once", "foretell", "role iso", "role `iso`", "params.yaml")
"""Words that a reader of a report cannot know, or that are not the field's."""


def prose(markdown: str) -> list[str]:
    """Paragraphs and list items of a page; tables, headings, code blocks and pictures are left out."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith(("#", "|", "!", "<!--"))]
    return [plain for line in lines if (plain := MARKS.sub("", LINK.sub(r"\1", line)).strip())]


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; names set as code are one word without a number."""
    coded = re.sub(r"`[^`]*`", "`name`", text.replace("**", ""))
    return [part for part in END.sub(lambda end: f"{end[0].rstrip()}\n", coded).split("\n") if part]


def faults(text: str) -> list[str]:
    """What is wrong with the sentences of a text, one line each."""
    found = []
    for sentence in sentences(text):
        words, numbers = len(sentence.split()), len(NUMBER.findall(sentence))
        if words > WORDS or numbers > NUMBERS:
            found.append(f"{words} words, {numbers} numbers: {sentence}")
        found += [f"{word!r}: {sentence}" for word in OURS if word in sentence]
    return found
