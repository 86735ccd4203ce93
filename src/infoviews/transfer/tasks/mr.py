"""MR: sentences of film reviews, positive or negative."""

from __future__ import annotations

from infoviews.transfer.tasks._read import two_files
from infoviews.transfer.tasks._task import Task, TaskFile

TASK = Task(
    name="mr",
    title="MR",
    scheme="nested",
    classes=("negative", "positive"),
    files=(
        TaskFile("MR/rt-polarity.pos", "34e5b0da2d491e46b700b00afe735aaae0962bcfe4f7f22b2d8077e714fa370f", 5331),
        TaskFile("MR/rt-polarity.neg", "c4ac36eaa8adc8ee31c31f69594bfbe68d83ef5b6db53f1f19b28c0be52f3999", 5331),
    ),
    counts={"all": 10662},
    read=two_files("MR/rt-polarity.pos", "MR/rt-polarity.neg"),
    citation="Pang and Lee, Seeing stars, ACL 2005",
    url="https://www.cs.cornell.edu/people/pabo/movie-review-data/rt-polaritydata.tar.gz",
    licence="CC BY 4.0, as NLTK's data index states",
)
