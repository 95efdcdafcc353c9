#!/usr/bin/env bash
# Builds the embedded model from nothing: run.sh [--device cpu|cuda] [--minutes N]
# N (default 60) is the time for training; three quarters go to SFT, one quarter to RL. Stop it at any time and start it again: it resumes.
set -euo pipefail
cd "$(dirname "$0")"

device=cpu minutes=60
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=$2 ;;
    --minutes) minutes=$2 ;;
    *) echo "usage: run.sh [--device cpu|cuda] [--minutes N]" >&2; exit 2 ;;
  esac
  shift 2
done

# OpenMP's and OpenBLAS's threads spin against each other where both have several: five times slower on two cores
export OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS="${OMP_NUM_THREADS:-$(nproc)}" OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-$(nproc)}"
python="${PYTHON:-python3}"

mkdir -p work
[ -f work/corpus.json ] || "$python" corpus.py
[ -f work/merges.json ] || "$python" tokenizer.py
[ -f work/weights.json ] || "$python" lexicon.py
[ -f work/sft-final.pt ] || "$python" sft.py --device "$device" --minutes "$((minutes * 3 / 4))" | tee -a work/sft.log
[ -f work/calibrated ] || { "$python" calibrate.py --device "$device"; touch work/calibrated; }
[ -f work/rl-final.pt ] || "$python" rl.py --device "$device" --minutes "$((minutes / 4))" | tee -a work/rl.log
"$python" gguf.py work/sft-final.pt work/sft.gguf
"$python" gguf.py work/rl-final.pt work/rl.gguf
for stage in sft rl; do
  echo "$stage:"
  "$python" evaluate.py "work/$stage.gguf" | tee "work/evaluation-$stage.txt"
done
