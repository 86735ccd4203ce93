"""MPQA: opinion phrases, positive or negative; three of the 10,606 are empty."""

from __future__ import annotations

from infoviews.transfer.tasks._read import two_files
from infoviews.transfer.tasks._task import Task, TaskFile

TASK = Task(
    name="mpqa",
    title="MPQA",
    scheme="nested",
    classes=("negative", "positive"),
    files=(
        TaskFile("MPQA/mpqa.pos", "7487dbb74c77383e60b292845495163a9e21fb70a4fdacdda933413e43163f0d", 3312),
        TaskFile("MPQA/mpqa.neg", "8da6e035fa4cea02f0555091096b29a6b3995ff0adf41fad25008dcee066b79e", 7294),
    ),
    counts={"all": 10606},
    read=two_files("MPQA/mpqa.pos", "MPQA/mpqa.neg"),
    citation="Wiebe, Wilson and Cardie, Annotating expressions of opinions and emotions, LRE 2005",
    url="https://dl.fbaipublicfiles.com/senteval/senteval_data/datasmall_NB_ACL12.zip",
)
