"""One WordPiece tokenizer for the whole study (Schuster & Nakajima, ICASSP 2012; Devlin et al., NAACL 2019)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

SPECIAL = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
LONGEST = 512
"""Positions of BERT."""
BATCH = 4096


def train(texts: Callable[[], Iterable[str]], vocabulary: int) -> PreTrainedTokenizerFast:
    """Train a lower-case BERT tokenizer; the same texts give the same tokenizer, id by id.

    Args:
        texts: called twice, gives the same sentences each time.
        vocabulary: upper limit of the number of tokens, special ones included; small texts give fewer.
    """
    blank = _blank({token: i for i, token in enumerate(SPECIAL.values())})
    alphabet = _alphabet(texts(), blank.normalizer, limit=max(100, vocabulary // 20))
    # The trainer numbers continuations ("##a") in the order of a hash map with a random seed, and breaks ties
    # between equally frequent pairs by those numbers: two runs gave two vocabularies. Fixing the numbers
    # beforehand, as if they were special tokens, makes every run alike.
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=[*SPECIAL.values(), *(f"##{letter}" for letter in alphabet)],
        initial_alphabet=alphabet,
        limit_alphabet=len(alphabet),
        show_progress=False,
    )
    blank.train_from_iterator(texts(), trainer)
    trained = _blank(blank.get_vocab())  # anew, or "##a" in a text would count as a special token
    return PreTrainedTokenizerFast(tokenizer_object=trained, model_max_length=LONGEST, **SPECIAL)


def whole_words(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """A lower-case BERT tokenizer that knows every word and punctuation mark of the texts whole."""
    blank = _blank({token: i for i, token in enumerate(SPECIAL.values())})
    normal = (blank.normalizer.normalize_str(text) for text in texts)
    words = {word for text in normal for word, _ in blank.pre_tokenizer.pre_tokenize_str(text)}
    known = _blank({token: i for i, token in enumerate([*SPECIAL.values(), *sorted(words)])})
    return PreTrainedTokenizerFast(tokenizer_object=known, model_max_length=LONGEST, **SPECIAL)


def from_hub(name: str, revision: str | None) -> Any:
    """The tokenizer of a published model or of a folder.

    Raises:
        ValueError: it cannot be found, is not a fast one, or has not all of BERT's special tokens.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, revision=revision)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"corpus: no tokenizer at {name!r} (revision {revision or 'latest'}): {str(error).splitlines()[0]}. "
            "Give a folder that holds one, a hub name where the hub can be reached, or null to train one"
        ) from error
    missing = [role for role in SPECIAL if getattr(tokenizer, f"{role}_id", None) is None]
    if not tokenizer.is_fast or missing:
        raise ValueError(
            f"corpus: the tokenizer of {name!r} is not like BERT's; it is missing: {', '.join(missing) or 'fast'}"
        )
    return tokenizer


def encoder(tokenizer: Any) -> Callable[[list[str]], list[list[int]]]:
    """The function that turns texts into token ids: no special tokens, neither padded nor cut."""
    backend = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    backend.no_padding()
    backend.no_truncation()
    return lambda texts: [found.ids for found in backend.encode_batch_fast(texts, add_special_tokens=False)]


def _blank(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=SPECIAL["unk_token"]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    cls, sep = SPECIAL["cls_token"], SPECIAL["sep_token"]
    tokenizer.post_processor = processors.BertProcessing((sep, vocabulary[sep]), (cls, vocabulary[cls]))
    return tokenizer


def _alphabet(texts: Iterable[str], normalizer: Any, limit: int) -> list[str]:
    """The most frequent characters, ties in code-point order; words with any other become [UNK]."""
    counts: Counter[str] = Counter()
    stream = iter(texts)
    while batch := list(islice(stream, BATCH)):
        counts.update(normalizer.normalize_str(" ".join(batch)))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [letter for letter, _ in ranked if not letter.isspace()][:limit]
