#!/bin/sh
# A Slurm cluster of one node on this machine, for tests: its own munged, slurmctld and slurmd, all files in one folder.
#   sh slurm.sh start FOLDER; SLURM_CONF=FOLDER/slurm.conf PATH=FOLDER/bin:$PATH sbatch ...; sh slurm.sh stop FOLDER
# The node claims more cores and memory than there are, and four devices that stand for GPUs.
set -eu
export PATH="$PATH:/usr/sbin"
mkdir -p "$2"
folder=$(cd "$2" && pwd)

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
    mkdir -p "$folder/state" "$folder/spool" "$folder/bin"
    printf 'Name=gpu File=/dev/%s\n' null zero full random > "$folder/gres.conf"
    cat > "$folder/slurm.conf" << END
ClusterName=loopback
SlurmctldHost=localhost
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
MinJobAge=36000
KillWait=5
GresTypes=gpu
NodeName=localhost CPUs=16 RealMemory=200000 Gres=gpu:4
PartitionName=all Nodes=localhost Default=YES MaxTime=INFINITE
END
    # Snakemake's plugin takes SLURM_CONF out of the environment of the srun that it calls inside a job.
    printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$folder/slurm.conf" "$(command -v srun)" > "$folder/bin/srun"
    chmod +x "$folder/bin/srun"
    mungekey --create --keyfile "$folder/munge.key"
    munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munged.log" --seed-file="$folder/munged.seed"
    export SLURM_CONF="$folder/slurm.conf"
    slurmctld
    slurmd -N localhost
    for _ in 1 2 3 4 5; do
        sleep 2
        [ "$(timeout 5 sinfo --noheader --format=%t)" != idle ] || exit 0
    done
    tail -n 20 "$folder/slurmctld.log" "$folder/slurmd.log" >&2
    exit 1
}

stop() {
    SLURM_CONF="$folder/slurm.conf" scancel --full --signal=KILL --user="$(id -un)" 2> /dev/null || true
    for daemon in slurmd slurmctld munged; do
        [ ! -f "$folder/$daemon.pid" ] || kill "$(cat "$folder/$daemon.pid")" 2> /dev/null || true
    done
}

case $1 in
    start | stop) "$1" ;;
    *) echo "slurm.sh: given '$1', expected start or stop" >&2; exit 2 ;;
esac
