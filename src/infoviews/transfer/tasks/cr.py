"""CR: sentences of customer reviews, positive or negative; four of the 3,775 are empty."""

from __future__ import annotations

from infoviews.transfer.tasks._read import two_files
from infoviews.transfer.tasks._task import Task, TaskFile

TASK = Task(
    name="cr",
    title="CR",
    scheme="nested",
    classes=("negative", "positive"),
    files=(
        TaskFile("CR/custrev.pos", "91a20a4ffeb5d38a39a4087bb247e16538aff21e7d621ae59738379f39f21732", 2407),
        TaskFile("CR/custrev.neg", "ec94532766f6f962094841ab3bee2ad6f232f996c3756825a91e78bcc294750f", 1368),
    ),
    counts={"all": 3775},
    read=two_files("CR/custrev.pos", "CR/custrev.neg"),
    citation="Hu and Liu, Mining and summarizing customer reviews, KDD 2004",
    url="https://dl.fbaipublicfiles.com/senteval/senteval_data/datasmall_NB_ACL12.zip",
    licence="CC BY 4.0, as NLTK's data index states",
)
