"""What every rule file shares: validated parameters, specs in step with them, names, and conda where there is conda."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.settings.types import DeploymentMethod

SRC = Path(workflow.basedir) / "src"
sys.path.insert(0, str(SRC))
from infoviews.plan import params, shards, specs
from infoviews.plan.sync import sync

try:
    for file in map(Path, workflow.configfiles):
        if file.suffix in (".yaml", ".yml"):
            params.refuse_repeats(file)
    params.validate(
        config, Path(workflow.basedir) / "workflow/schemas/params.schema.yaml"
    )
    sync(config)
    shards.drop_broken(Path("data") / config["study"])
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
GPU = STUDY["gpu"]
GPUS = int(
    workflow.global_resources["gpu"].value if "gpu" in workflow.global_resources else 1
)
CORES = workflow.resource_settings.cores or os.cpu_count()
SHARDS = config.get("shards", "auto")
if SHARDS == "auto" and workflow.resource_settings.nodes is not None:
    raise WorkflowError(
        "shards: given auto on a cluster, whose jobs must agree on it; name a number: --config shards=64"
    )

# A conda environment brings its own python; outside one, the python that runs snakemake has the libraries.
in_conda = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method
INFOVIEWS = f"{'python' if in_conda else shlex.quote(sys.executable)} -m infoviews"
shell.prefix(f"set -euo pipefail; export PYTHONPATH={shlex.quote(str(SRC))}; ")


wildcard_constraints:
    shard=r"\d+-of-\d+",


def shards_of(phase):
    """Names of a phase's shards."""
    return shards.names(STUDY, phase, shards.number(STUDY, phase, SHARDS, CORES, GPUS))


def specs_of(phase, shard):
    """Spec files of what a shard makes."""
    index, count = map(int, shard.split("-of-"))
    names = shards.shard(STUDY, phase, index, count)
    return [f"{SPECS}/{shards.made_from(STUDY, phase, name)}" for name in names]


def threads_of_bases(shard):
    """The most that one base of a shard asks for."""
    index, count = map(int, shard.split("-of-"))
    names = shards.shard(STUDY, "base", index, count)
    return max(specs.base_threads(STUDY, base) for base in names)


def devices_of(shard):
    """The GPUs of a shard where several shards have some each; on a cluster the scheduler has chosen them already."""
    if not GPU or GPUS <= GPU:
        return ""
    first = int(shard.split("-")[0]) * GPU % GPUS
    own = ",".join(str(first + number) for number in range(GPU))
    return f"CUDA_VISIBLE_DEVICES=${{CUDA_VISIBLE_DEVICES:-{own}}} "
