"""SUBJ: subjective sentences of reviews against objective ones of plot summaries; objective is class 1."""

from __future__ import annotations

from infoviews.transfer.tasks._read import two_files
from infoviews.transfer.tasks._task import Task, TaskFile

TASK = Task(
    name="subj",
    title="SUBJ",
    scheme="nested",
    classes=("subjective", "objective"),
    files=(
        TaskFile("SUBJ/subj.objective", "d8ccd43f1674f1c17e4ab717564e3561cfb719b0db4cfb19e5677427c68ff8a1", 5000),
        TaskFile("SUBJ/subj.subjective", "274c2ffe59c204dc4df779848561786f59a98cc20dda3cfdd7d9f76a4f730710", 5000),
    ),
    counts={"all": 10000},
    read=two_files("SUBJ/subj.objective", "SUBJ/subj.subjective"),
    citation="Pang and Lee, A sentimental education, ACL 2004",
    url="https://dl.fbaipublicfiles.com/senteval/senteval_data/datasmall_NB_ACL12.zip",
    licence="CC BY 4.0, as NLTK's data index states",
)
