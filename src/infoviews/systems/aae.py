"""Adversarial autoencoder: a sentence's words told from its vector, and vectors drawn to a normal prior."""

from infoviews.systems._system import MEASURED, SENTENCE_TWICE, System

SYSTEM = System(
    title="Adversarial autoencoder",
    citation="Makhzani, Shlens, Jaitly, Goodfellow, Frey (2016), Adversarial autoencoders, ICLR workshop",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"reconstruction": {"weight": 1.0}, "prior": {"weight": 0.01, "prior": "normal"}},
    departures=(
        "The decoder gives the words of a sentence without their order; the paper decodes images, and a decoder that "
        "wrote word after word could leave the vector empty.",
        "The prior has weight 0.01; the paper's losses have equal say in turns, which draws all vectors to one "
        "point in a few hundred steps.",
        "Encoder, decoder and discriminator step together, the paper's by turns.",
    ),
)
