"""STS13: how similar two sentences are, 0 to 5, in 3 subsets; without SMT, which SentEval does not have either."""

from __future__ import annotations

from infoviews.transfer.tasks._read import similarity
from infoviews.transfer.tasks._task import Task, TaskFile

SUBSETS = {"FNWN": 189, "headlines": 750, "OnWN": 561}

TASK = Task(
    name="sts13",
    title="STS13",
    scheme="similarity",
    pair=True,
    files=(
        TaskFile(
            "STS/STS13-en-test/STS.input.FNWN.txt",
            "a20cb41a33a528f3c089c94ef24da8eb5e26ed594937cf6fa90f3d1c79d6c53c",
            189,
        ),
        TaskFile(
            "STS/STS13-en-test/STS.gs.FNWN.txt",
            "8ca95b7228119578e2007839cf7969f22c4f1fd41fd610c4b7f9683072d98066",
            189,
        ),
        TaskFile(
            "STS/STS13-en-test/STS.input.headlines.txt",
            "637f3b4afdc8d1cc789e91a4d7217efff30e503c34a872d93e8b27e7b1136cb7",
            750,
        ),
        TaskFile(
            "STS/STS13-en-test/STS.gs.headlines.txt",
            "f49f64089011436dd296ef384c07160219406feef7dc4b9fa2af52a519f32bc6",
            750,
        ),
        TaskFile(
            "STS/STS13-en-test/STS.input.OnWN.txt",
            "cb74993eef23cfa2c03da7e5a08c62e50c9baafae0fa9ba0bb5a09d8e7d2be65",
            561,
        ),
        TaskFile(
            "STS/STS13-en-test/STS.gs.OnWN.txt",
            "0cd497aaddb00a2fb6db25f77bccfc09e8aa012e11549b81b434bab1a27ad954",
            561,
        ),
    ),
    counts=SUBSETS,
    read=similarity("STS/STS13-en-test", list(SUBSETS)),
    citation="Agirre et al., *SEM 2013 shared task: semantic textual similarity, *SEM 2013",
    licence="differs by source of the texts: LICENSE.txt of the STS benchmark",
)
