"""InferSent: LSTMs in both directions, max-pooled, that learn to classify pairs by natural-language inference."""

from infoviews.systems._system import MEASURED, System, Views

SYSTEM = System(
    title="InferSent",
    citation=(
        "Conneau, Kiela, Schwenk, Barrault, Bordes (2017), Supervised learning of universal sentence representations "
        "from natural language inference data, EMNLP"
    ),
    views=Views("judged-pairs", "entailment", {"labelled": True}),
    critic={"cosine": {"temperature": 0.05}},
    contrast=MEASURED,
    additions={"nli": {"weight": 1.0, "product": True}},
    encoder={"bilstm": {"pooling": "max"}},
    departures=(
        "The encoder has the study's width and layers in each direction, over trained word pieces. The paper's "
        "has one layer of 2,048 units a direction over fixed GloVe vectors.",
        "The classifier is one softmax layer, the paper's has a hidden layer of 512 units.",
        "The pairs are SNLI's development and test parts, RTE and MED, about twenty thousand for training. The "
        "paper has the 570 thousand of SNLI, and in the published row also MultiNLI.",
        "The optimiser is the study's AdamW for the study's steps; the paper's is SGD with a falling rate.",
    ),
    published=("InferSent AllNLI (paper)", "BiLSTM-max 4096d"),
)
