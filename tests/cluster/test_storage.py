"""Sealed results travel through DVC remotes: a fresh clone restores them and has nothing to do."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def sealed(project: Any) -> Any:
    """The project with every result in ``dvc.lock``: those that the tests of Slurm left, or else new ones."""
    project.run("dvc", "repro")
    project.run("git", "config", "user.name", "tester")
    project.run("git", "config", "user.email", "tester@localhost")
    return project


def restored(project: Any, name: str, address: str, folder: Any, endpoint: str = "") -> Any:
    """A clone that takes its results from the remote ``name``, to which the project pushed them."""
    project.run("dvc", "remote", "add", "--default", name, address)
    if endpoint:
        project.run("dvc", "remote", "modify", name, "endpointurl", endpoint)
    assert "pushed" in project.run("dvc", "push")
    project.run("git", "add", "--all")
    project.run("git", "commit", "--quiet", "--message", name)
    project.run("git", "clone", "--quiet", str(project.folder), str(folder))
    clone = type(project)(folder)
    assert not (clone.folder / "data/tiny/corpus").exists()
    assert "has nothing to do" in clone.run("infoviews", "restore")
    return clone


def holds_all_of(clone: Any, project: Any) -> bool:
    names = ["checkpoints/jsd__spans-0__s0/model.safetensors", "corpus/tokens.npy", "sweetspot/results.csv"]
    return all(
        (clone.folder / f"data/tiny/{n}").read_bytes() == (project.folder / f"data/tiny/{n}").read_bytes()
        for n in names
    )


def test_a_folder(sealed, tmp_path) -> None:
    clone = restored(sealed, "folder", str(tmp_path / "remote"), tmp_path / "clone")
    assert holds_all_of(clone, sealed) and clone.planned() == {}


def test_an_s3_server(sealed, tmp_path, monkeypatch) -> None:
    pytest.importorskip("dvc_s3", reason="needs pip install 'infoviews[cluster]'")
    server = pytest.importorskip("moto.server", reason="needs pip install 'moto[server]'")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    s3 = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    try:
        endpoint = "http://{}:{}".format(*s3.get_host_and_port())
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/study", method="PUT")).close()
        clone = restored(sealed, "s3", "s3://study/results", tmp_path / "clone", endpoint)
    finally:
        s3.stop()
    assert holds_all_of(clone, sealed) and clone.planned() == {}
