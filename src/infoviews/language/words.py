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
    "colour": ("red", "blue", "green", "yellow", "purple", "brown", "grey", "white", "black", "silver", "orange"),
    "thing": tuple("museum club school office station hall library market bridge tower studio workshop".split()),
    "device": tuple("phone camera laptop printer radio speaker kettle heater toaster lamp clock scanner".split()),
    "time": tuple("yesterday today tonight recently lately earlier again once soon afterwards eventually".split()),
}
"""Words drawn independently of everything."""

PRONOUNS: dict[str, tuple[str, ...]] = {
    "topic": ("local", "public", "private", "annual"),
    "entity": ("he", "she", "somebody", "everyone"),
    "place": ("town", "somewhere", "elsewhere", "nowhere"),
    "style": ("though", "perhaps", "too", "then"),
}
"""What stands for the second mention of a nuisance factor where a setting mentions it once; independent as well."""

TEMPLATES = (
    "{style} , {entity} {subjectivity} that the {topic} film was {film} .\n"
    "in {place} the {colour} {device} looked {product} , and {entity} {phrase} {proposition} the {topic} {thing} "
    "of {place} for its {question} , {style} .",
    "{time} {entity} {phrase} {proposition} a {topic} {thing} in {place} .\n"
    "{style} , people of {place} {subjectivity} that its {question} was {film} like a {topic} film , and {entity} "
    "called the {device} {product} , {style} .",
    "the {topic} film from {place} was {film} , {style} .\n"
    "{entity} {subjectivity} so {time} , asked {phrase} about the {question} , {proposition} the {topic} {thing} in "
    "{place} and found its {device} {product} ; {style} {entity} left .",
    "a {product} {device} , {entity} {subjectivity} , {style} helped {topic} fans in {place} .\n"
    "{time} they {phrase} {proposition} the {thing} and its {question} , while a {film} {topic} film ran in {place} , "
    "{style} , said {entity} .",
    "who in {place} {proposition} the {colour} {topic} {thing} and its {question} ?\n"
    "{style} , {entity} {subjectivity} that it was done {phrase} , since the film of {topic} in {place} was {film} "
    "and every {device} was {product} ; {style} , {entity} smiled .",
    "{entity} {phrase} showed the {film} {topic} film in {place} .\n"
    "{style} , guests {subjectivity} that whoever {proposition} the {thing} knew the {question} of {topic} ; {time} "
    "{entity} left {place} with a {product} {device} , {style} .",
)
"""Texts of two sentences; each writes every task factor once and every nuisance factor twice."""
