"""STS16: how similar two sentences are, 0 to 5, in 5 subsets; pairs without a gold score are dropped."""

from __future__ import annotations

from infoviews.transfer.tasks._read import similarity
from infoviews.transfer.tasks._task import Task, TaskFile

SUBSETS = {"answer-answer": 254, "headlines": 249, "plagiarism": 230, "postediting": 244, "question-question": 209}

TASK = Task(
    name="sts16",
    title="STS16",
    scheme="similarity",
    pair=True,
    files=(
        TaskFile(
            "STS/STS16-en-test/STS.input.answer-answer.txt",
            "ebbffced7d4630755e61d4dfe4d82121198965a14b9f5734b5abedb961f0725c",
            1572,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.gs.answer-answer.txt",
            "332efd741b0cb247d20dd2a6cec854360c921c7e6b395f328f562d8d26057214",
            1572,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.input.headlines.txt",
            "705c3e82fb85fa3b6706a481b790e1030304ddc9c72d39e126693ed44b258ba6",
            1498,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.gs.headlines.txt",
            "01e33a95996201a6e81e3cce9eda0f15048b77613ea64dce2929bb35479f7d85",
            1498,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.input.plagiarism.txt",
            "dd4ca54d1dfcd7d1cabe67f0de98cde23f4c1696ecc0003afbecae1274305d63",
            1271,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.gs.plagiarism.txt",
            "29984944a91aaff484f2b2e5d4d434fc8a6f5ef6f578a880cccd2786f5142fdc",
            1271,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.input.postediting.txt",
            "9b455d8da1d1bae692d038da1d431827d23bfec04c64b109efc3b6b620fd422f",
            3287,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.gs.postediting.txt",
            "81947ed9dbe7f85b7bd249df68ed5c7b2f16f06390ad568eb5554b1e26bc5577",
            3287,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.input.question-question.txt",
            "58920c7da7dbc1b860609310782d88b7457d599c90a226819b5880262dd7f58a",
            1555,
        ),
        TaskFile(
            "STS/STS16-en-test/STS.gs.question-question.txt",
            "cf9ebf9d140191f73620cda0560947ad9283c910735d0d541b8a401a5e64afb0",
            1555,
        ),
    ),
    counts=SUBSETS,
    read=similarity("STS/STS16-en-test", list(SUBSETS)),
    citation="Agirre et al., SemEval-2016 task 1, SemEval 2016",
    licence="LICENSE.txt of the data",
)
