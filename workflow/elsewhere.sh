#!/bin/sh
# The middle of a study on a machine without Snakemake, network or compiler: views, bases, cells, transfer, information.
#   infoviews pack study.tar          here
#   tar xf study.tar                  there
#   sh elsewhere.sh 9                 there; it ends within 9 minutes, and the next call goes on
#   infoviews collect results         here, with the folder `results` that came back
# Cells go in the order of the grid, SLICE at a time, so that what is trained is scored when time is up. Where encoders
# are compared and information is measured, the first slice is done: it should hold the settings of the curve.
# What lies in folders made*/, written by `infoviews results`, is taken over: what an earlier machine made, and what
# only a machine with more libraries can make. Further arguments go to `infoviews results`: --whole NAME brings the
# weights of a cell or a base.
set -eu
minutes=${1:-100000}
[ $# -eq 0 ] || shift
cd "$(dirname "$0")"
export PYTHONPATH="$PWD/src${PYTHONPATH:+:$PYTHONPATH}"
python=${PYTHON:-python3}
study=$("$python" -m infoviews unpack study.tar.xz)
specs=data/specs/$study
for made in made*; do
    [ ! -d "$made" ] || "$python" -m infoviews collect "$made" --study "$study"
done
end=$(($(date +%s) + ${minutes%.*} * 60))
failed=0

left() {
    awk -v seconds=$((end - $(date +%s))) 'BEGIN { print (seconds > 0 ? seconds / 60 : 0) }'
}

# make PHASE FILE: the results of the specs that FILE names; what fails is said and does not keep the others.
make() {
    [ "$(date +%s)" -lt "$end" ] || return 0
    xargs "$python" -m infoviews "$1" --data "data/$study" --minutes "$(left)" < "$2" || failed=1
}

xargs -n 2 -P "$(nproc)" "$python" -m infoviews views --data "data/$study" --minutes "$(left)" < "$specs/views.txt" || failed=1
make base "$specs/base.txt"
grep /base/ "$specs/transfer.txt" > "$specs/bases.txt"
make transfer "$specs/bases.txt"
rm -f "$specs"/slice.*
split -l "${SLICE:-40}" "$specs/pretrain.txt" "$specs/slice."
for slice in "$specs"/slice.*; do
    make pretrain "$slice"
    make transfer "$slice"
    if [ "$slice" = "$specs/slice.aa" ] && [ "$(date +%s)" -lt "$end" ]; then
        [ -f "data/$study/representation/manifest.json" ] || "$python" -m infoviews representation \
            --spec "$specs/representation.json" --data "data/$study" --out "data/$study/representation" || failed=1
        make information "$specs/information.txt"
    fi
done
"$python" -m infoviews results "data/$study" results "$@"
exit $failed
