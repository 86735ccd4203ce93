"""STS15: how similar two sentences are, 0 to 5, in 5 subsets; pairs without a gold score are dropped."""

from __future__ import annotations

from infoviews.transfer.tasks._read import similarity
from infoviews.transfer.tasks._task import Task, TaskFile

SUBSETS = {"answers-forums": 375, "answers-students": 750, "belief": 375, "headlines": 750, "images": 750}

TASK = Task(
    name="sts15",
    title="STS15",
    scheme="similarity",
    pair=True,
    files=(
        TaskFile(
            "STS/STS15-en-test/STS.input.answers-forums.txt",
            "b8f1bc125559adbb3ac5b33206472b217c12621c3a6b5a8575da47dc0b536fc4",
            2000,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.gs.answers-forums.txt",
            "1644301a7540e5484da285002e9269062852efb2272be614cad99c9530f6a102",
            2000,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.input.answers-students.txt",
            "4893f736e84cea176c39c882250f6513d5bbcfa6ebe8d3ffabcef6056d0471a7",
            1500,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.gs.answers-students.txt",
            "028db213140f8c7aef7497c4ae38b6380938f20359852231669c83dce11c3701",
            1500,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.input.belief.txt",
            "a54ec7af1924c900d8474586abae465819d2c03c73561aa2e76e7fa5e836faff",
            2000,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.gs.belief.txt",
            "5736192faaccbdbecd0ef6b73ec04b24115cd2e48d55dc3b1b170da3d2a81c75",
            2000,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.input.headlines.txt",
            "85d90b0f8f258a47758808d382188ba2ee7b1adbbf84feb776afad0e4691d5d1",
            1500,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.gs.headlines.txt",
            "e8e432f769c8a94ddb62ae3343890ac24a9dd78a116d56c707313bc59413dd56",
            1500,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.input.images.txt",
            "0dac9494186838a8f4dfbb4ee290fec8d7581cf84a33d615c522700b3b50e0d6",
            1500,
        ),
        TaskFile(
            "STS/STS15-en-test/STS.gs.images.txt",
            "ed8878209098c77ca7f02ac413d3fd698f92ad3425999555e50fda89fc46012a",
            1500,
        ),
    ),
    counts=SUBSETS,
    read=similarity("STS/STS15-en-test", list(SUBSETS)),
    citation="Agirre et al., SemEval-2015 task 2, SemEval 2015",
    licence="differs by source of the texts: LICENSE.txt of the STS benchmark",
)
