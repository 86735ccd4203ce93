"""The whole DAG on the tiny study: one command runs it, content alone decides what runs again.

The tests of this file build on one another in order: the first one makes the results that the others start from.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

CELLS = ["infonce__dropout-0.1__s0", "infonce__spans-0__s0", "jsd__dropout-0.1__s0", "jsd__spans-0__s0"]
INFONCE = {cell for cell in CELLS if cell.startswith("infonce")}


def record(project, cell: str) -> dict:
    return json.loads((project.folder / "data/tiny/checkpoints" / cell / "run.json").read_text())


def trained(project, *arguments: str) -> set[str]:
    """Cells that a call of Snakemake trains: those whose record it writes anew."""
    records = project.folder / "data/tiny/checkpoints"
    before = {path: path.stat().st_mtime_ns for path in records.glob("*/run.json")}
    project.snakemake(*arguments)
    return {p.parent.name for p in records.glob("*/run.json") if p.stat().st_mtime_ns != before.get(p)}


def test_one_command_runs_everything_without_conda(project) -> None:
    if shutil.which("conda"):
        pytest.skip("conda is on the PATH, so there is no fallback to test")
    output = replace(project, tools=Path(sys.executable).parent).snakemake()  # a user's own processes
    assert "no conda on the PATH: running in the calling environment" in output
    assert "100%" in output
    for cell in CELLS:
        assert record(project, cell)["status"] == "finished"
    reports = project.folder / "reports/tiny"
    table = (reports / "transfer.md").read_text()
    for row in ("random encoder", "skip-gram average", "base encoder (MLM)", "InfoNCE", "JSD", "`converged`"):
        assert row in table
    assert json.loads((reports / "metrics.json").read_text())


def test_second_call_has_nothing_to_do(project) -> None:
    assert "Nothing to be done" in project.snakemake()


def test_spec_files_made_anew_make_nothing_else_anew(project) -> None:
    shutil.rmtree(project.folder / "data/specs/tiny")
    assert "Nothing to be done" in project.snakemake()


def test_checkpoints_load_in_sentence_transformers_as_in_infoviews(project) -> None:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    import infoviews

    folder = project.folder / "data/tiny/checkpoints" / CELLS[0]
    sentences = ["The river rose.", "Two views of one text share information.", ""]
    there = SentenceTransformer(str(folder), device="cpu").encode(sentences)
    assert np.abs(infoviews.load(folder).encode(sentences) - there).max() < 1e-5


def test_exported_checkpoints_give_the_same_vectors_and_have_a_card(project) -> None:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    project.run("infoviews", "export", "cards")
    folders = sorted((project.folder / "cards").iterdir())
    assert len(folders) == 2 and folders[1].name == "mlm" and folders[0].name in CELLS
    sentences = ["The river rose.", "Two views of one text share information."]
    for folder in folders:
        (own,) = project.folder.glob(f"data/tiny/*/{folder.name}/modules.json")
        here, there = (
            SentenceTransformer(str(place), device="cpu").encode(sentences) for place in (own.parent, folder)
        )
        assert np.array_equal(here, there)
        assert "| average | mean |" in (folder / "README.md").read_text()
        assert not (folder / "critic.safetensors").exists()


def test_encode_reads_lines_and_writes_an_array(project) -> None:
    import io

    import numpy as np

    import infoviews

    folder = project.folder / "data/tiny/checkpoints" / CELLS[0]
    command = f"printf 'The river rose.\\nA second line.\\n' | infoviews encode --checkpoint {folder} > vectors.npy"
    project.run("bash", "-c", command)
    vectors = np.load(io.BytesIO((project.folder / "vectors.npy").read_bytes()), allow_pickle=False)
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, infoviews.load(folder).encode(["The river rose.", "A second line."]))


def test_snakemake_report_is_one_page_with_captions(project) -> None:
    project.run("snakemake", "--report", "report.html")
    page = (project.folder / "report.html").read_text()
    assert "Sweet spot" in page and "95 % intervals" in page


def test_dvc_seals_without_running_a_job(project) -> None:
    output = project.run("dvc", "repro")
    assert "Nothing to be done" in output and "Finished jobid" not in output
    assert "up to date" in project.run("dvc", "status")
    assert "average" in project.run("dvc", "metrics", "show")


def test_restored_results_are_taken_for_done(project, tmp_path_factory) -> None:
    project.run("dvc", "remote", "add", "--default", "far", str(tmp_path_factory.mktemp("remote")))
    project.run("dvc", "push")
    for folder in ("data/tiny", ".dvc/cache", ".snakemake"):
        shutil.rmtree(project.folder / folder)
    assert "has nothing to do" in project.run("infoviews", "restore")
    assert "Nothing to be done" in project.run("snakemake", "--cores", "all", "--use-conda")


def test_comment_in_the_training_loop_trains_nothing(project) -> None:
    path = project.folder / "src/infoviews/training/loop.py"
    path.write_text(path.read_text() + "\n# a comment\n")
    assert project.planned() == {}


def test_parameter_of_one_objective_trains_its_cells_only(project) -> None:
    before = (project.folder / "params.yaml").read_text()
    project.edit("params.yaml", "temperature: 0.05", "temperature: 0.07")
    assert set(project.planned()) == {"pretrain", "transfer", "representation", "sweetspot", "report"}
    scored = {path: path.stat().st_mtime_ns for path in (project.folder / "data/tiny/transfer").glob("*.json")}
    assert trained(project, "transfer_all") == INFONCE
    assert {path.stem for path, made in scored.items() if path.stat().st_mtime_ns != made} == INFONCE
    (project.folder / "params.yaml").write_text(before)
    assert trained(project, "transfer_all") == INFONCE
    assert "Nothing to be done" in project.snakemake("transfer_all")


def test_another_number_of_shards_makes_nothing_anew(project) -> None:
    assert trained(project, "transfer_all", "--config", "shards=3") == set()
    assert trained(project, "transfer_all") == set()


def test_a_result_that_is_gone_is_made_again_and_no_other(project) -> None:
    folder = project.folder / "data/tiny/checkpoints" / CELLS[2]
    weights = (folder / "model.safetensors").read_bytes()
    shutil.rmtree(folder)
    assert trained(project, "pretrain_all") == {CELLS[2]}
    assert (folder / "model.safetensors").read_bytes() == weights


def test_new_objective_is_one_file_and_one_line_and_trains_its_cells_only(project) -> None:
    source = project.folder / "src/infoviews/objectives"
    shutil.copy(source / "nwj.py", source / "mine_own.py")
    line = "      jsd: {critic: {dot: {}}}\n"
    project.edit("params.yaml", line, line + "      mine_own: {critic: {dot: {}}}\n")
    assert trained(project, "pretrain_all") == {"mine_own__dropout-0.1__s0", "mine_own__spans-0__s0"}
    project.edit("params.yaml", "      mine_own: {critic: {dot: {}}}\n", "")
    assert "mine_own" in project.run("infoviews", "prune")
    assert trained(project, "pretrain_all") == set()


def test_changed_parameter_reruns_even_where_snakemake_remembers_nothing_and_a_failed_cell_is_a_row(project) -> None:
    """A clone or `dvc pull` has no .snakemake; without spec files DVC would seal old models as new ones."""
    shutil.rmtree(project.folder / ".snakemake")
    project.edit("params.yaml", "pretrain: {num_steps: 6", "pretrain: {num_steps: 5")
    project.edit("params.yaml", "jsd: {critic: {dot: {}}}", "jsd: {critic: {dot: {}}}\n      nwj: {critic: {dot: {}}}")
    failing = (
        "if len(scores) > 8:  # unlike the plan's trial\n        return Bound(scores.mean(), scores.sum() * torch.nan)"
    )
    project.edit("src/infoviews/objectives/nwj.py", "return Bound(", f"{failing}\n    return Bound(")
    assert "pretrain" in project.planned()
    project.run("dvc", "repro")
    for cell in CELLS:
        assert record(project, cell)["spec"]["pretrain"]["num_steps"] == 5
    assert "up to date" in project.run("dvc", "status")
    failed = record(project, "nwj__spans-0__s0")
    assert failed["status"] == "failed" and failed["step"] == 0
    assert "loss nan" in Path(project.folder / "reports/tiny/failures.md").read_text()


def test_checkpoint_of_another_spec_is_refused(project) -> None:
    """`--touch` after an edit claims that old results are new; the consumer sees that they are not."""
    project.edit("params.yaml", "save_every: 3", "save_every: 2")
    project.snakemake("--touch", "--forceall")
    (project.folder / "data/tiny/transfer" / f"{CELLS[0]}.json").unlink()
    output = project.snakemake("transfer_all", check=False)
    log = "".join(path.read_text() for path in (project.folder / "logs/tiny/transfer").glob("*.log"))
    assert "WorkflowError" in output or "Error in rule transfer" in output
    assert "was made with pretrain" in log and "run snakemake again" in log
