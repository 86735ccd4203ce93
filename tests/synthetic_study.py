"""Folders of a made-up study in the on-disk formats, with a known curve of transfer against information."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.files import write_json
from infoviews.seals import seal, write_record

TASKS = {"mr": 50.0, "cr": 63.8, "subj": 50.0, "sst2": 50.1, "trec": 27.6, "mrpc": 66.5}
MEASURED = {
    "similarity": "first,second,first_setting,second_setting,cka,low,high,sentences",
    "quality": "name,quality_input_information,quality_neural_dependency",
    "maps": "task,encoder,setting,share,label,x,y",
}
CONTROLS = ["random", "skipgram", "mlm", "skipgram-average"]


def peak(information: float) -> float:
    """A peak of three points at 2.5 nats."""
    return 70.0 + 3.0 * (1 - ((information - 2.5) / 2.5) ** 2)


class Study:
    """A study on disk; every part can be spoilt before the analysis runs."""

    def __init__(self, root: Path, name: str = "made") -> None:
        self.data = root / "data" / name
        self.reports = root / "reports" / name
        self.spec: dict[str, Any] = {
            "study": name,
            "main": "infonce",
            "cells": [],
            "settings": [],
            "controls": CONTROLS,
            "tasks": list(TASKS),
            "tasks_source": "senteval",
            "sweetspot": {"bootstrap": 200, "power": 20, "estimator": "infonce", "features": "base"},
            "seed": 7,
        }
        for table, columns in MEASURED.items():
            self.write(f"representation/{table}.csv", None).write_text(columns + "\n")
        self.write("representation/manifest.json", {"files": seal(self.data / "representation")})

    def write(self, path: str, value: Any) -> Path:
        """One JSON file below the study's folder."""
        target = self.data / path
        if target.name == "run.json":
            value = {"name": target.parent.name, "files": {}, **value}
        write_record(target, value) if isinstance(value, dict) else write_json(target, value)
        return target

    def scores(self, mean: float, rng: np.random.Generator, noise: float = 0.0) -> dict[str, Any]:
        """A transfer record whose average is ``mean``."""
        shifts = np.array([4.0, 2.0, 9.0, 5.0, -12.0, -8.0])
        values = mean + shifts - shifts.mean() + noise * rng.standard_normal()
        tasks = {
            task: {"metric": "accuracy", "dev": v + 0.4, "test": v, "low": v - 1.2, "high": v + 1.2}
            | {"majority": TASKS[task], "n": 1000, "regularisation": 1.0}
            for task, v in zip(TASKS, values.tolist(), strict=True)
        }
        tasks["mrpc"]["f1"] = tasks["mrpc"]["test"] + 8
        average = float(values.mean())
        six = {"test": average, "low": average - 0.5, "high": average + 0.5}
        return {"protocol": "senteval-linear", "dimension": 64, "tasks": tasks, "averages": {"six": six}}

    def fill(
        self,
        truth: Callable[[float], float] = peak,
        settings: int = 12,
        seeds: int = 3,
        objectives: tuple[str, ...] = ("infonce", "jsd"),
        noise: float = 0.15,
        exact: bool = False,
        ceiling: float = 8.3,
    ) -> Study:
        """Write every file; information runs evenly from 0 to 5 nats over the settings."""
        rng = np.random.default_rng(5)
        for index, information in enumerate(np.linspace(0.0, 5.0, settings).tolist()):
            dial = 2**index
            setting = f"spans-{dial}"
            self.spec["settings"].append({"name": setting, "family": "spans", "dial": dial})
            self.measure(setting, information, exact, ceiling)
            self.views(setting, index / settings)
            for objective in objectives:
                for seed in range(seeds):
                    name = f"{objective}__{setting}__s{seed}"
                    cell = {"name": name, "objective": objective, "setting": setting, "family": "spans"}
                    self.spec["cells"].append({**cell, "dial": dial, "seed": seed})
                    self.write(f"transfer/{name}.json", self.scores(truth(information), rng, noise))
                    self.write(f"checkpoints/{name}/run.json", {"spec": cell, "status": "finished"})
                    self.history(name, information)
        for control in CONTROLS:
            self.write(f"transfer/{control}.json", self.scores(66.0, rng, 1.0))
        self.write(
            "corpus/statistics.json",
            {"documents": 1200, "sentences": 30000, "tokens": 700000, "duplicates": {"exact": 12, "near": 40}},
        )
        return self

    def variant(self, rate: float, mean: float, seeds: int = 2) -> Study:
        """The first setting of a filled study again under another dropout, with half a nat and transfer ``mean``."""
        of = self.spec["settings"][0]
        name = f"{of['name']}-dropout-{rate:g}"
        self.spec["settings"].append({**of, "name": name, "role": "variant", "dropout": rate})
        self.measure(name, 0.5)
        self.views(name, 0.1)
        for seed in range(seeds):
            cell = {"name": f"infonce__{name}__s{seed}", "objective": "infonce", "setting": name, "seed": seed}
            self.spec["cells"].append({**cell, "family": of["family"], "dial": of["dial"]})
            self.write(f"transfer/{cell['name']}.json", self.scores(mean, np.random.default_rng(seed)))
            self.write(f"checkpoints/{cell['name']}/run.json", {"spec": cell, "status": "finished"})
            self.history(cell["name"], 0.5)
        return self

    def field(self, seeds: int = 3) -> Study:
        """Systems of every kind beside a filled study, one that cannot be had and one with nothing on disk."""
        rng = np.random.default_rng(11)
        self.spec["settings"].append({"name": "twice", "family": "dropout", "dial": None, "role": "system"})
        self.views("twice", 1.0)
        for name, mean in (("simcse", 74.0), ("cpc", 66.2), ("gone", None)):
            cells = [f"{name}__twice__s{seed}" for seed in range(seeds)]
            self.system(name, "cells", cells, published=["SimCSE unsup", "BERT-base"] if name == "simcse" else None)
            for seed, cell in enumerate(cells):
                of = {"name": cell, "objective": name, "setting": "twice", "family": "dropout", "dial": None}
                self.spec["cells"].append({**of, "seed": seed})
                if mean is not None:
                    self.write(f"transfer/{cell}.json", self.scores(mean, rng, 0.1))
                    record = {"spec": {"pretrain": {"num_steps": 400}}, "status": "finished", "seconds": 10.0 + seed}
                    self.write(f"checkpoints/{cell}/run.json", record)
                    self.history(cell, 3.0)
        self.system("glove", "static", [f"glove-s{seed}" for seed in range(seeds)])
        for seed in range(seeds):
            self.write(f"transfer/glove-s{seed}.json", self.scores(72.0, rng, 0.1))
            self.write(f"base/glove-s{seed}/run.json", {"status": "finished", "parameters": 4_200_000, "seconds": 5.0})
        self.system("cove", "static", ["cove-s0"])
        self.write("base/cove-s0/run.json", {"status": "failed", "reason": "no Marian checkpoint | at 'opus-mt'"})
        self.system("infomin", "chosen", [])
        cells = [cell for cell in self.spec["cells"] if cell["objective"] == "infonce"]
        among = {s["name"]: [c["name"] for c in cells if c["setting"] == s["name"]] for s in self.spec["settings"]}
        self.spec["systems"][-1]["among"] = {setting: names for setting, names in among.items() if names}
        self.system("minilm", "reference", ["minilm"])
        self.write("transfer/minilm.json", self.scores(81.0, rng))
        self.spec["controls_of_systems"] = ["mlm-bilstm-max"]
        self.write("transfer/mlm-bilstm-max.json", self.scores(65.0, rng))
        return self

    def system(self, name: str, kind: str, rows: list[str], published: list[str] | None = None) -> None:
        """One entry of the spec's ``systems``."""
        entry = {"name": name, "title": name.title(), "citation": f"{name} et al.", "kind": kind, "rows": rows}
        entry |= {"departures": ["it is smaller"], "published": published, "parts": "bound: x"}
        self.spec.setdefault("systems", []).append(entry)

    def measure(self, setting: str, information: float, exact: bool = False, ceiling: float = 8.3) -> None:
        """Information of one setting by two estimators."""
        estimates = [
            {"estimator": estimator, "features": "base", "estimate": value, "low": value - 0.1, "high": value + 0.1}
            | {"n": 4096, "k": 4096, "ceiling": top, "flag": "", "failures": 0, "notes": {}}
            for estimator, value, top in (("infonce", 0.9 * information, ceiling), ("dv", 1.1 * information, None))
        ]
        known = {"information": information} if exact else None
        self.write(f"information/{setting}.json", {"setting": setting, "exact": known, "estimates": estimates})

    def views(self, setting: str, overlap: float) -> None:
        """Facts and ten readable pairs."""
        counts = {"train": 1000, "critic": 200, "heldout": 200}
        facts = {
            "views": 2,
            "counts": counts,
            "skipped": {"short": 3},
            "dropout": None,
            "overlap": overlap,
            "identical": 0.0,
        }
        pairs = [{"title": f"Title {i}", "first": f"first | view {i}", "second": f"second view {i}"} for i in range(10)]
        folder = self.write(f"views/{setting}/sample.json", pairs).parent
        self.write(f"views/{setting}/facts.json", {**facts, "setting": setting, "files": seal(folder)})

    def history(self, name: str, information: float) -> None:
        """Ten logged steps."""
        steps = np.arange(0, 100, 10)
        table = pd.DataFrame(
            {"step": steps, "loss": 4 - information / 5 - steps / 100, "bound": steps / 50, "lr": 1e-4}
        )
        table["alignment"], table["uniformity"] = 1 - information / 10, -1 - information / 5
        table.to_csv(self.data / "checkpoints" / name / "history.csv", index=False)
