"""SimCSE and Quick-Thoughts trained by sentence-transformers on the same pairs, steps and encoder as the study's cells.

Writes ``reports/benchmarks/systems.{md,csv}``. After the study of ``params.beside.yaml`` (about 15 CPU-minutes):

    python benchmarks/systems.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from scipy import stats

from harness import OUT, called, options, quiet, write
from infoviews.encoders import checkpoint
from infoviews.files import read_json
from infoviews.pairs import read_facts, read_pairs
from infoviews.pretrain.cell import starting_encoder
from infoviews.tables import Table, frame_table, interval
from infoviews.transfer.evaluate import evaluate

SYSTEMS = {"simcse": "sentence-twice", "quick-thoughts": "next-sentence"}
OURS, THEIRS = "infoviews", "sentence-transformers"


def theirs(study: Path, spec: dict[str, Any], seed: int, out: Path) -> Any:
    """The encoder after sentence-transformers' trainer has taken the cell's steps over the cell's pairs."""
    from datasets import Dataset, disable_progress_bars
    from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, models, util
    from sentence_transformers import SentenceTransformerTrainingArguments as Arguments
    from sentence_transformers.losses import MultipleNegativesRankingLoss

    disable_progress_bars()
    views, how = study / "views" / spec["setting"], spec["pretrain"]
    encoder = starting_encoder(study / "base" / spec["start"], read_facts(views).get("dropout"))
    checkpoint.save(out / "start", encoder)
    torch.manual_seed(seed)
    model = SentenceTransformer(str(out / "start"), device="cpu")
    for module in model[0].modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = encoder.backbone.embeddings.dropout.p
    cosine = "cosine" in spec["objective"]["critic"]
    if spec["objective"]["contrast"]["sentences"].get("projection") == "tanh":
        model.append(models.Dense(encoder.dimension, encoder.dimension, activation_function=torch.nn.Tanh()))
    loss = MultipleNegativesRankingLoss(
        model,
        scale=1 / spec["objective"]["critic"]["cosine"]["temperature"] if cosine else 1.0,
        similarity_fct=util.cos_sim if cosine else util.dot_score,
    )
    texts = [[encoder.tokenizer.decode(row) for row in view] for view in read_pairs(views, "train").views[:2]]
    SentenceTransformerTrainer(
        model=model,
        args=Arguments(
            str(out / "run"),
            per_device_train_batch_size=how["batch_size"],
            max_steps=how["num_steps"],
            learning_rate=how["learning_rate"],
            weight_decay=how.get("weight_decay", 0.01),
            warmup_steps=how.get("warmup", 0.1),
            seed=seed,
            use_cpu=True,
            disable_tqdm=True,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
        ),
        train_dataset=Dataset.from_dict({"anchor": texts[0], "positive": texts[1]}),
        loss=loss,
    ).train()
    return checkpoint.Encoder(model[0].auto_model, encoder.tokenizer, encoder.pooling, None, encoder.max_tokens)


def compared(table: pd.DataFrame, system: str) -> list[str]:
    """Mean of both, their difference by Welch's t with a 95 % interval, and the spread over seeds."""
    of = {who: table[(table["system"] == system) & (table["by"] == who)]["average"] for who in (OURS, THEIRS)}
    found = stats.ttest_ind(of[OURS], of[THEIRS], equal_var=False)
    low, high = found.confidence_interval(0.95)
    means = [f"{of[who].mean():.2f} ± {of[who].std():.2f}" for who in (OURS, THEIRS)]
    gap = interval(of[OURS].mean() - of[THEIRS].mean(), low, high, 2)
    return [system, *means, gap, "yes" if low <= 0 <= high else "no"]


def page(table: pd.DataFrame, how: dict[str, Any], seeds: int, command: str) -> str:
    head = ["system", OURS, THEIRS, "difference", "within the seeds' interval"]
    both = Table(head, [compared(table, system) for system in SYSTEMS]).markdown()
    runs = frame_table(table.rename(columns={"by": "trained by"}), left=2).markdown()
    return f"""# SimCSE and Quick-Thoughts beside sentence-transformers

Written by `{command}`.

Average of the six transfer tasks, percent, mean and standard deviation over {seeds} seeds; difference with a 95 %
interval from Welch's t. Both start from the same checkpoint and take
{how["num_steps"]} steps of {how["batch_size"]} pairs from the same files by AdamW at a learning rate of
{how["learning_rate"]} with the same warm-up, decay and clipping; sentence-transformers gets
the pairs as text through MultipleNegativesRankingLoss. Ours buckets batches by length and does not count duplicates
within a batch as negatives; theirs does neither. The loss and gradient on equal batches are equal
(`tests/systems/test_against_sentence_transformers.py`).

{both}
{runs}"""


def main() -> None:
    parser = options(__doc__, study="beside", seeds=3, out=OUT)
    given = parser.parse_args()
    quiet()
    study, specs = Path("data") / given.study, Path("data/specs") / given.study
    transfer = read_json(specs / "transfer.json")["transfer"]
    rows = []
    for seed in range(given.seeds):
        for system, setting in SYSTEMS.items():
            cell = f"{system}__{setting}__s{seed}"
            spec = read_json(specs / "pretrain" / f"{cell}.json")
            own = read_json(study / "transfer" / f"{cell}.json")
            with tempfile.TemporaryDirectory() as folder:
                encoder = theirs(study, spec, spec["seed"], Path(folder))
            other = evaluate(encoder.eval().encode, study / "tasks", transfer["names"], transfer["protocol"])
            for by, found in ((OURS, own), (THEIRS, other)):
                rows.append({"system": system, "by": by, "seed": seed, "average": found["averages"]["six"]["test"]})
                print(rows[-1], flush=True)
    table = pd.DataFrame(rows).sort_values(["system", "by", "seed"])
    write(given.out, "systems", table, page(table, spec["pretrain"], given.seeds, called(parser, given)))


if __name__ == "__main__":
    main()
