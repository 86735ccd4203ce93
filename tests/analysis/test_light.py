"""The analysis reads tables: it loads no weights, and so needs neither torch nor transformers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ANALYSE = """
import json, pathlib, sys
from infoviews.analysis.analyse import run
run(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
print(json.dumps(sorted({"torch", "transformers", "tokenizers"} & set(sys.modules))))
"""


def test_an_analysis_from_end_to_end_loads_no_network_library(study) -> None:
    study.fill(settings=7, seeds=1).field()
    for cell in study.spec["cells"]:  # bounds are compared only where records say what each cell maximised
        made = {"objective": {"bound": cell["objective"], "critic": {"dot": {}}, "contrast": {"sentences": {}}}}
        study.write(f"checkpoints/{cell['name']}/run.json", {"status": "finished", "spec": {**cell, **made}})
    command = [sys.executable, "-c", ANALYSE, study.write("spec.json", study.spec), study.data, study.data / "out"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert json.loads(found.stdout) == [] and (study.data / "out/shape.json").is_file()
