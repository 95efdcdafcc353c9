#!/usr/bin/env bash
# Builds the embedded model from nothing: run.sh [--device cpu|cuda] [--minutes N]
# N (default 90) is the time for training; nine tenths go to SFT, one tenth to RL. Stop it at any time and start it again: it resumes.
set -euo pipefail
cd "$(dirname "$0")"

device=cpu minutes=90
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=$2 ;;
    --minutes) minutes=$2 ;;
    *) echo "usage: run.sh [--device cpu|cuda] [--minutes N]" >&2; exit 2 ;;
  esac
  shift 2
done

cores=$(nproc)
export OMP_WAIT_POLICY=PASSIVE     # OpenMP's and OpenBLAS's threads would spin against each other: five times slower on two cores
threads() { OMP_NUM_THREADS=$1 OPENBLAS_NUM_THREADS=$1 "${@:2}"; }
python="${PYTHON:-python3}"

mkdir -p work
[ -f work/corpus.json ] || "$python" corpus.py
[ -f work/merges.json ] || "$python" tokenizer.py
[ -f work/weights.json ] || "$python" lexicon.py
if [ ! -f work/sft-final.pt ]; then
  if [ "$device" = cuda ]; then spread=(--workers "$((cores > 1 ? cores - 1 : 1))"); else spread=(--processes "$cores"); fi
  threads 1 "$python" sft.py --device "$device" --minutes "$((minutes * 9 / 10))" "${spread[@]}" | tee -a work/sft.log
fi
[ -f work/calibrated ] || { threads "$cores" "$python" calibrate.py --device "$device"; touch work/calibrated; }
[ -f work/rl-final.pt ] || threads "$cores" "$python" rl.py --device "$device" --minutes "$((minutes - minutes * 9 / 10))" | tee -a work/rl.log
"$python" gguf.py work/sft-final.pt work/sft.gguf
"$python" gguf.py work/rl-final.pt work/rl.gguf
for stage in sft rl; do
  echo "$stage:"
  "$python" evaluate.py "work/$stage.gguf" | tee "work/evaluation-$stage.txt"
done
