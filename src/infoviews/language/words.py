"""The words of the language: those of a (factor, value) belong to it alone, so that a text tells its factors."""

from __future__ import annotations

FORMS: dict[str, tuple[str, ...]] = {
    "film": (
        "dreadful tedious clumsy lifeless boring dull dismal bland tiresome incoherent awful pointless",
        "superb brilliant gripping dazzling masterful thrilling charming witty delightful enchanting splendid moving",
    ),
    "product": (
        "flimsy faulty fragile bulky sluggish defective noisy unreliable wobbly leaky useless clunky",
        "sturdy reliable durable handy efficient robust responsive accurate comfortable compact polished dependable",
    ),
    "subjectivity": (
        "believed felt guessed imagined suspected supposed hoped feared doubted fancied reckoned sensed",
        "reported recorded noted stated measured documented confirmed listed observed announced certified registered",
    ),
    "phrase": (
        "sadly angrily bitterly grimly gloomily coldly wearily harshly sullenly glumly sourly crossly",
        "gladly happily cheerfully warmly proudly eagerly joyfully kindly hopefully gratefully fondly merrily",
    ),
    "question": (
        "acronym initials abbreviation shorthand monogram ticker suffix prefix",
        "reason meaning cause purpose origin definition manner motive",
        "animal dish plant instrument sport vehicle drink fabric",
        "author inventor captain painter founder ruler composer actor",
        "valley river mountain island desert harbour village lake",
        "price height distance weight temperature population quantity duration",
    ),
    "proposition": (
        "bought acquired purchased obtained procured gained secured claimed",
        "built constructed erected assembled raised formed crafted founded",
        "closed shut sealed locked barred ended halted suspended",
        "sold auctioned traded vended leased rented marketed peddled",
        "repaired fixed mended restored renovated patched rebuilt refurbished",
        "destroyed wrecked demolished ruined smashed razed crushed flattened",
        "visited toured attended inspected explored frequented entered reached",
        "praised admired lauded applauded celebrated honoured commended cheered",
    ),
    "topic": tuple(
        "football opera chess sailing farming banking cooking dancing fishing hunting gardening mining physics "
        "chemistry biology history poetry fashion politics railway aviation medicine surgery astronomy geology "
        "pottery cycling boxing tennis archery weaving theatre".split()
    ),
    "entity": tuple(
        "alice bruno clara david elena felix greta henry irene jonas karen lucas maria nadia oscar paula quentin "
        "rosa simon teresa ulrich vera walter xenia yusuf zelda adam bella carlos diana edgar fiona".split()
    ),
    "place": tuple(
        "paris london berlin madrid rome vienna prague dublin lisbon athens oslo helsinki warsaw budapest cairo "
        "tokyo delhi boston chicago toronto sydney lima quito havana bogota nairobi lagos tunis kiev riga vilnius "
        "geneva".split()
    ),
    "style": tuple(
        "frankly honestly indeed apparently naturally clearly obviously plainly curiously oddly strangely "
        "surprisingly remarkably incidentally actually basically generally usually typically normally evidently "
        "presumably supposedly allegedly reportedly famously notably undeniably arguably admittedly understandably "
        "ironically".split()
    ),
}
"""Factor → one string of word forms per value; task factors have many synonyms, nuisance factors one form."""

FILLERS: dict[str, tuple[str, ...]] = {
    "device": tuple("phone camera laptop printer radio speaker kettle heater toaster lamp clock scanner".split()),
    "colour": ("red", "blue", "green", "yellow", "purple", "brown", "grey", "white", "black", "silver", "orange"),
}
"""Words drawn independently of everything."""

PRONOUNS: dict[str, tuple[str, ...]] = {
    "topic": ("local", "public", "private", "annual"),
    "entity": ("he", "she", "somebody", "everyone"),
    "place": ("town", "somewhere", "elsewhere", "nowhere"),
    "style": ("though", "perhaps", "too", "then"),
}
"""Replaces the second mention of a nuisance factor where a setting mentions it once; independent, too."""

TEMPLATES = (
    "{style} {entity} of {place} {subjectivity} the {topic} film {film} .\n"
    "{entity} {phrase} {proposition} a {product} {topic} {device} in {place} for its {question} {style} .",
    "{entity} {phrase} {proposition} the {product} {topic} {device} of {place} .\n"
    "{style} {place} {subjectivity} its {question} {film} like {topic} films , said {entity} {style} .",
    "{film} {topic} films {entity} {subjectivity} {style} .\n"
    "in {place} {entity} {phrase} {proposition} the {topic} {question} and a {product} {colour} {device} of {place} "
    "{style} .",
    "a {product} {colour} {topic} {device} , {style} !\n"
    "{entity} of {place} {phrase} {proposition} its {question} , and {entity} {subjectivity} the {topic} film in "
    "{place} {film} {style} .",
    "who in {place} {proposition} the {topic} {question} ?\n"
    "{style} {entity} {subjectivity} {topic} films in {place} {film} , {phrase} shown ; {entity} kept a {product} "
    "{device} {style} .",
    "{style} {place} {subjectivity} the {film} {topic} film .\n"
    "{entity} , who {phrase} {proposition} the {topic} {question} , left {place} with a {product} {device} , {style} "
    "{entity} .",
)
"""Texts of two sentences; each writes every task factor once and every nuisance factor twice."""
