"""STS12: how similar two sentences are, 0 to 5, in 5 subsets."""

from __future__ import annotations

from infoviews.transfer.tasks._read import similarity
from infoviews.transfer.tasks._task import Task, TaskFile

SUBSETS = {"MSRpar": 750, "MSRvid": 750, "SMTeuroparl": 459, "surprise.OnWN": 750, "surprise.SMTnews": 399}

TASK = Task(
    name="sts12",
    title="STS12",
    scheme="similarity",
    pair=True,
    files=(
        TaskFile(
            "STS/STS12-en-test/STS.input.MSRpar.txt",
            "21c0c6cc32f68f69d672dfae0f86935cdc2627bae4941381692941aa9320f8c4",
            750,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.gs.MSRpar.txt",
            "5526be59228bc34ccb3cb6f1f56c0d7278d3419b8886713ae016fd92b151f19c",
            750,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.input.MSRvid.txt",
            "c4a92a3645744f77d1cda9f2af7da5d11e807ae296f6a20fe5930403fb9c4dfe",
            750,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.gs.MSRvid.txt",
            "9c6096c6bcfb0144c8bbddb00900ca9198c88498630cd0c8f08d18365f1d7150",
            750,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.input.SMTeuroparl.txt",
            "05acf33c0fcb592347f49e279137a17e0244d7b0d37cc113134320a5d3f586e1",
            459,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.gs.SMTeuroparl.txt",
            "708530c4d006d06881f3289fce35d624d7efe562dcf0fe5f8aa0eec3a135f6d4",
            459,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.input.surprise.OnWN.txt",
            "e605c67de4b7cee2c5629239d209e2845920f475ebd0468bdcf03d8da2ffa9cf",
            750,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.gs.surprise.OnWN.txt",
            "088d8ca22c0aa406e4a5d2e6e308a4f38b482b8e736c2445a38ffb6e4c4fb4fd",
            750,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.input.surprise.SMTnews.txt",
            "cc4a0b9a1355c5680a8a37c02f2d08e35f95754b9f89a2a4a05088ee5ff57ffe",
            399,
        ),
        TaskFile(
            "STS/STS12-en-test/STS.gs.surprise.SMTnews.txt",
            "aa6dfc868db333c43dc59be14d46fa6587c7ebddc0d497e717f647bf35121cf1",
            399,
        ),
    ),
    counts=SUBSETS,
    read=similarity("STS/STS12-en-test", list(SUBSETS)),
    citation="Agirre et al., SemEval-2012 task 6, *SEM 2012",
    url="http://ixa2.si.ehu.es/stswiki/images/4/40/STS2012-en-test.zip",
    licence="differs by source of the texts: LICENSE.txt of the STS benchmark",
)
