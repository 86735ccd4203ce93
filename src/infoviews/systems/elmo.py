"""ELMo: LSTMs that predict each token from the left and, separately, from the right."""

from infoviews.systems._system import MEASURED, SENTENCE_TWICE, System

SYSTEM = System(
    title="ELMo (LSTM LM)",
    citation="Peters et al. (2018), Deep contextualized word representations, NAACL",
    views=SENTENCE_TWICE,
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"bidirectional": {"weight": 1.0, "predicted": 0.15}},
    encoder={"bilstm": {"pooling": "mean"}},
    departures=(
        "Words are the study's word pieces, starting from its word embeddings, behind a layer norm; the paper makes "
        "them of letters by convolutions.",
        "The encoder has the study's width, half for each direction, without the paper's residual connection between "
        "layers; the paper has 4,096 units a direction, projected to 512.",
        "Sentence vectors are the mean of the top layer; the published row joins all three layers.",
        "Each direction predicts 15 % of each sentence's tokens at each step, drawn twice; the paper predicts all.",
    ),
    published=("ELMo BoW (all layers, 5.5B)", "ELMo 3072d"),
)
