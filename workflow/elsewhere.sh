#!/bin/sh
# The middle of a study on a machine without Snakemake, network or compiler: views, bases, cells, transfer, information.
#   infoviews pack study.tar          here
#   tar xf study.tar                  there
#   sh elsewhere.sh 9                 there; it ends within 9 minutes, and the next call goes on
#   infoviews collect results         here, with the folder `results` that came back
# A GPU must not wait for a processor, nor one result for another that needs a library or takes long. Views are made
# beside bases, each base in a process of its own; then cells in the order of the grid, CELLS at a time, beside the
# information of views and the scores of what is trained. Encoders are compared when the first SLICE cells are there,
# which should hold the settings of the curve.
# What lies in folders made*/, written by `infoviews results`, is taken over: what an earlier machine made, and what
# only a machine with more libraries can make. Further arguments go to `infoviews results`: --whole NAME brings the
# weights of a cell or a base.
set -eu
minutes=${1:-100000}
[ $# -eq 0 ] || shift
cd "$(dirname "$0")"
export PYTHONPATH="$PWD/src${PYTHONPATH:+:$PYTHONPATH}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
python=${PYTHON:-python3}
study=$("$python" -m infoviews unpack study.tar.xz)
specs=data/specs/$study
data=data/$study
for made in made*; do
    [ -d "$made" ] || continue
    cat "$made"/results.tar.xz.? | "$python" -c 'import sys, tarfile
safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Python 3.11.4 and newer
tarfile.open(fileobj=sys.stdin.buffer, mode="r|xz").extractall(sys.argv[1], **safe)' "$data"
done
end=$(($(date +%s) + ${minutes%.*} * 60))
cores=$(env -u OMP_NUM_THREADS nproc)
third=$(((cores + 2) / 3))
rm -f "$specs"/failed "$specs"/*.part* "$specs"/*.over

left() {
    awk -v seconds=$((end - $(date +%s))) 'BEGIN { print (seconds > 0 ? seconds / 60 : 0) }'
}

# make PHASE FILE: the results of the specs that FILE names; what fails is said and does not keep the others.
make() {
    [ "$(date +%s)" -lt "$end" ] || return 0
    [ ! -s "$2" ] || xargs "$python" -m infoviews "$1" --data "$data" --minutes "$(left)" < "$2" || : > "$specs/failed"
}

# share PHASE FILE NUMBER: the same in NUMBER processes side by side, which get through FILE at one pace.
share() (
    [ -s "$2" ] || exit 0
    split -n "r/$3" "$2" "$2.part."
    for part in "$2".part.*; do
        make "$1" "$part" &
    done
    wait
)

# view: those that a share left, since it ended at a missing library, get a process each.
views() {
    share views "$specs/views.txt" "$cores"
    while read -r spec; do
        [ -f "$data/views/$(basename "$spec" .json)/facts.json" ] || echo "$spec"
    done < "$specs/views.txt" > "$specs/left.txt"
    share views "$specs/left.txt" "$(wc -l < "$specs/left.txt")"
}

# base SPEC: after the one that it starts from.
base() {
    name=$(basename "$1" .json)
    first=$(sed -n 's/.*"initial": "\(.*\)".*/\1/p' "$1")
    while [ -n "$first" ] && [ ! -e "$specs/$first.over" ]; do sleep 1; done
    echo "$1" > "$specs/$name.part"
    make base "$specs/$name.part"
    : > "$specs/$name.over"
}

# trained FILE: those of the specs that FILE names whose encoders are there.
trained() {
    while read -r spec; do
        name=$(basename "$spec" .json)
        case $spec in */base/*) run=$data/base/$name/run.json ;; *) run=$data/checkpoints/$name/run.json ;; esac
        ! grep -qs made_from "$run" || echo "$spec"
    done < "$1"
}

compare() {
    [ "$(date +%s)" -lt "$end" ] || return 0
    [ -f "$data/representation/manifest.json" ] || "$python" -m infoviews representation \
        --spec "$specs/representation.json" --data "$data" --out "$data/representation" || : > "$specs/failed"
}

# score PID: encoders as they come, until process PID is over and all have come; each is asked for once.
score() {
    compared=
    : > "$specs/asked.txt"
    while :; do
        over=yes
        ! kill -0 "$1" 2> /dev/null || over=
        trained "$specs/transfer.txt" | grep -vxFf "$specs/asked.txt" > "$specs/new.txt" || :
        cat "$specs/new.txt" >> "$specs/asked.txt"
        share transfer "$specs/new.txt" "$third"
        trained "$specs/slice.txt" > "$specs/there.txt"
        if [ -z "$compared" ] && [ -s "$specs/there.txt" ] &&
            { [ -n "$over" ] || cmp -s "$specs/slice.txt" "$specs/there.txt"; }; then
            compared=yes
            compare &
        fi
        [ -z "$over" ] || break
        sleep 2
    done
    wait
}

head -n "${SLICE:-40}" "$specs/pretrain.txt" > "$specs/slice.txt"
views &
made=$!
while read -r spec; do
    base "$spec" &
done < "$specs/base.txt"
# Of the bases, published methods that nothing starts from may take their time.
grep -L '"role": "system"' $(cat "$specs/base.txt") > "$specs/needed.txt" || :
grep -l '"initial"' $(cat "$specs/base.txt") >> "$specs/needed.txt" || :
while read -r spec; do
    while [ ! -e "$specs/$(basename "$spec" .json).over" ]; do sleep 1; done
done < "$specs/needed.txt"
wait "$made"
share information "$specs/information.txt" $((cores - third + 1)) & # minutes of a processor for each setting
share pretrain "$specs/pretrain.txt" "${CELLS:-3}" &
score $!
wait
"$python" -m infoviews results "$data" results --no-lacking "$@"
[ ! -e "$specs/failed" ]
