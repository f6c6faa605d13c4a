#!/usr/bin/env bash
# Makes a million runs in memory, or the number in the first argument, with one process per core:
#
#   run-long.sh
#   SIM_LEDGER=file run-long.sh 20000       # each write waits for the disk of TMPDIR
#   SIM_LEDGER=postgres run-long.sh 20000   # each process starts its own PostgreSQL server
#
# The first seed is 1, or SIM_FIRST_SEED; SIM_JOBS is the number of processes. It stops at the first run in
# which a property does not hold, and prints it. Ctrl-C stops it after the current runs (exit status 130).
set -euo pipefail
cd "$(dirname "$0")"
seeds=${1:-1000000}
first=${SIM_FIRST_SEED:-1}
jobs=${SIM_JOBS:-$(nproc)}
logs=$(mktemp -d)
export SIM_STOP=$logs/stop SIM_PARTS=1
# The allocator keeps the memory of one run for the next.
export MALLOC_TRIM_THRESHOLD_=1000000000
trap 'touch "$SIM_STOP"' INT TERM
trap 'rm -rf "$logs"' EXIT

program=$(cargo test --release -p qris-orders --test simulation --no-run --message-format=json |
  sed -n 's/.*"name":"simulation".*"executable":"\([^"]*\)".*/\1/p')

started=$(date +%s)
each=$(((seeds + jobs - 1) / jobs))
processes=()
for ((job = 0; job < jobs; job++)); do
  left=$((seeds - job * each))
  ((left > 0)) || break
  # In its own process group: Ctrl-C goes to this script only, which stops the processes in order.
  SIM_FIRST_SEED=$((first + job * each)) SIM_SEEDS=$((left < each ? left : each)) \
    setsid "$program" the_properties_hold_in_runs_of_part_01 --exact --nocapture >"$logs/$job" 2>&1 &
  processes+=("$!")
done

status=0
left=${#processes[@]}
while ((left > 0)); do
  wait -n && ended=0 || ended=$?
  # A signal ends the wait, not a process.
  ((ended > 128)) && [[ -e $SIM_STOP ]] && kill -0 "${processes[@]}" 2>/dev/null && continue
  left=$((left - 1))
  if ((ended != 0)); then
    status=1
    touch "$SIM_STOP"
  fi
done
taken=$(($(date +%s) - started))

told=0
for log in "$logs"/[0-9]*; do
  runs=$(sed -n 's/^\([0-9]*\) runs from .*/\1/p' "$log" | tail -1)
  told=$((told + ${runs:-0}))
  if grep -q 'panicked at' "$log"; then
    cat "$log"
  else
    grep ' runs from ' "$log" | tail -1 || true
  fi
done
echo "${SIM_LEDGER:-memory}: $told of $seeds runs in $taken s," \
  "$(awk "BEGIN { printf \"%.1f\", $told / ($taken > 0 ? $taken : 1) }") a second"
# Stopped without a failure.
((status == 0 && told < seeds)) && status=130
exit "$status"
