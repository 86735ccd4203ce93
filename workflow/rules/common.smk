"""What every rule file shares: validated parameters, specs in step with them, names, and conda where there is conda."""

import shlex
import shutil
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.settings.types import DeploymentMethod

SRC = Path(workflow.basedir) / "src"
sys.path.insert(0, str(SRC))
from infoviews.plan import params, phases, specs
from infoviews.plan.cells import cells, main_objective
from infoviews.plan.sync import sync

try:
    for file in map(Path, workflow.configfiles):
        if file.suffix in (".yaml", ".yml"):
            params.refuse_repeats(file)
    params.validate(
        config, Path(workflow.basedir) / "workflow/schemas/params.schema.yaml"
    )
    sync(config)
except (ValueError, KeyError) as error:
    raise WorkflowError(error.args[0])

# Without conda on the PATH every job would fail under --use-conda, so the calling environment serves instead.
methods = workflow.deployment_settings.deployment_method
if DeploymentMethod.CONDA in methods and shutil.which("conda") is None:
    logger.warning(
        "--use-conda given but no conda on the PATH: running in the calling environment"
    )
    workflow.deployment_settings.deployment_method = set(methods) - {
        DeploymentMethod.CONDA
    }

STUDY = params.study_of(config)
DATA = f"data/{config['study']}"
SPECS = f"data/specs/{config['study']}"
REPORTS = f"{config.get('reports', 'reports')}/{config['study']}"
LOGS = f"logs/{config['study']}"
CELLS = [cell.name for cell in cells(STUDY)]
SETTINGS = list(STUDY["views"]["settings"])
BASES = list(STUDY["bases"])
GPU = STUDY["gpu"]

# A conda environment brings its own python; outside one, the python that runs snakemake has the libraries.
in_conda = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method
INFOVIEWS = f"{'python' if in_conda else shlex.quote(sys.executable)} -m infoviews"
shell.prefix(f"set -euo pipefail; export PYTHONPATH={shlex.quote(str(SRC))}; ")


wildcard_constraints:
    setting="|".join(SETTINGS),
    base="|".join(BASES),
    cell="|".join(CELLS),


def run_record(base):
    """run.json of a base's checkpoint."""
    return f"{DATA}/base/{base}/run.json"
