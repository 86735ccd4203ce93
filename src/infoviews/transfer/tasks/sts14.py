"""STS14: how similar two sentences are, 0 to 5, in 6 subsets."""

from __future__ import annotations

from infoviews.transfer.tasks._read import similarity
from infoviews.transfer.tasks._task import Task, TaskFile

SUBSETS = {"deft-forum": 450, "deft-news": 300, "headlines": 750, "images": 750, "OnWN": 750, "tweet-news": 750}

TASK = Task(
    name="sts14",
    title="STS14",
    scheme="similarity",
    pair=True,
    files=(
        TaskFile(
            "STS/STS14-en-test/STS.input.deft-forum.txt",
            "b39579e59c7b9f4063545c3d4643f8db16dc060cd0a35447ef56ff0aabec9d83",
            450,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.gs.deft-forum.txt",
            "ba6dc76696b5c93985590a325b4d142449932cdf0d715b2bab1b1743fe3c488c",
            450,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.input.deft-news.txt",
            "cc450dcd9228211c1a311de1ff28199f166dce6f7fc81dcb5ce968a3a8a80d2d",
            300,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.gs.deft-news.txt",
            "105c5b333abd50c274efb4dae9e3e0dab36ed63eee780cfb49955b1586bd62f2",
            300,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.input.headlines.txt",
            "2ed0ea55d196cdbb440ed428eb1846dcb43486a692aafb22b3bc5c14c44407c8",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.gs.headlines.txt",
            "f243c34647255cd0b994565ed4f58dd31506e7d9c9d6250d1a6dd14095625832",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.input.images.txt",
            "295fc99f8a9215c330b36a08bc1ff3e428f10057be5bb915262111494b3616e2",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.gs.images.txt",
            "fc994ebacc7074c332626fa9e29542d7340a48a3cdb999b47cdb59c378523a62",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.input.OnWN.txt",
            "8cd2333328d17e3212afa2d43dd934c5521e3fd35fc786b992dc7864f9d34f8f",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.gs.OnWN.txt",
            "1c80147df270ea4cfce14a47ed29f8a2f10d5dc016d02836077fd786ff7f535b",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.input.tweet-news.txt",
            "b25b3768762aa7cdcd89f2a25ce5049de7e4cd51b138227c3a31092ae8e2b5f5",
            750,
        ),
        TaskFile(
            "STS/STS14-en-test/STS.gs.tweet-news.txt",
            "0098c644bfeaa2d511a8297b1940771865900c372c9dd49a62726dc5ec02c9a3",
            750,
        ),
    ),
    counts=SUBSETS,
    read=similarity("STS/STS14-en-test", list(SUBSETS)),
    citation="Agirre et al., SemEval-2014 task 10, SemEval 2014",
    licence="differs by source of the texts: LICENSE.txt of the STS benchmark",
)
