#!/usr/bin/env bash
# The engine and rerank benchmarks on an NVIDIA GPU, with a 7B-shaped random model in Q4_K that is written first (4.3 GB).
# The engine benchmark keeps two contexts with the model on the device: 9 GB and their caches.
# usage: benchmarks/gpu.sh [GB/s of the device's memory, for the share of its bandwidth]   e.g. 3350 for an H100 SXM
# Needs the .NET SDK, Node and the CUDA 13 runtime libraries (libcudart, libcublas) on the library path; or, without an SDK, a program
# published elsewhere with:  dotnet publish benchmarks/ReasonRank.Benchmarks -c Release -r linux-x64 --self-contained -p:LlamaBackend=cuda -o bench
set -euo pipefail
cd "$(dirname "$0")/.."
bandwidth=${1:-}
if [ -x bench/ReasonRank.Benchmarks ]; then
  run() { bench/ReasonRank.Benchmarks "$@"; }
else
  dotnet build -c Release -p:LlamaBackend=cuda benchmarks/ReasonRank.Benchmarks
  run() { dotnet run --no-build -c Release --project benchmarks/ReasonRank.Benchmarks -- "$@"; }
fi
common=(--shape 7b --gpu-layers 999 --flash-attention on --batch 2048 --threads "$(nproc)")
for cache in f16 q8_0; do
  for ubatch in 512 2048; do
    echo "== cache $cache, micro-batch $ubatch"
    run engine "${common[@]}" --cache-type "$cache" --ubatch "$ubatch" --parallel 1,4,8,16 --prompt 1024 --output 256 ${bandwidth:+--bandwidth "$bandwidth"}
  done
done
run rerank "${common[@]}" --budget 64,256,700
