"""Plain paragraphs out of raw text: Unicode NFC, no control characters, no markup left-overs, nothing reworded."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter

# Every character that str.splitlines would break at, so that no later step sees other lines than this one.
_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control (Cc), invisible formatting (Cf: soft hyphen, zero width, direction, BOM), surrogate and private-use ones.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_SPACE = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_MARKUP = (
    (re.compile(r"<!--.*?-->"), " "),
    (re.compile(r"<(ref|math|code|script|style)\b[^<>]*>[^<>]*</\1\s*>", re.IGNORECASE), " "),
    (re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>"), " "),
    (re.compile(r"\{\{[^{}]*\}\}"), " "),
    (re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]"), r"\1"),
    (re.compile(r"\[(?:https?|ftp)://[^\s\]]*\s*([^\[\]]*)\]"), r"\1"),
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"\(\s*[,;:]*\s*\)"), ""),
)
_OTHER = re.compile(r"[\W_]+")
_SUSPECT = re.compile(r"[&<{\[(]|''")
_LEFT_OVER = re.compile(r"\{\||\|[-}|]?|!\s|={2,}.*={2,}$|[*#:;]+\s|__[A-Z]+__$")
"""A line that starts as a wiki table, heading, list item or switch does is not prose."""


def paragraphs(text: str) -> tuple[list[str], Counter[str]]:
    """The readable paragraphs of a text, and how many were left out for which reason.

    Cleaning is idempotent: what comes out goes through unchanged. Reasons: ``undecodable`` (holds U+FFFD, the mark
    of bytes that were not UTF-8), ``markup`` (a table row, heading or list item), ``no letters``. Empty lines are
    not counted.
    """
    kept, left_out = [], Counter[str]()
    for line in _BREAK.split(text):
        paragraph = clean(line)
        if not paragraph:
            continue
        if "\ufffd" in paragraph:
            left_out["undecodable"] += 1
        elif _LEFT_OVER.match(paragraph):
            left_out["markup"] += 1
        elif not any(map(str.isalpha, paragraph)):
            left_out["no letters"] += 1
        else:
            kept.append(paragraph)
    return kept, left_out


def clean(line: str) -> str:
    """One line without markup and invisible characters, white space collapsed, in NFC."""
    line = _tidy(line)
    while _SUSPECT.search(line):  # markup may be nested, an entity inside an entity
        found = line
        line = _ENTITY.sub(lambda entity: html.unescape(entity.group()), line)
        for pattern, replacement in _MARKUP:
            line = pattern.sub(replacement, line)
        line = _tidy(line)
        if line == found:
            break
    return line


def _tidy(line: str) -> str:
    """White space first (some of it is control characters), then what cannot be seen, and NFC of what is left."""
    line = unicodedata.normalize("NFC", _INVISIBLE.sub("", _SPACE.sub(" ", line)))
    return _SPACE.sub(" ", line).strip()


def letters(text: str) -> str:
    """Letters and digits in lower case: the form in which texts are compared."""
    return _OTHER.sub("", text.lower())
