#!/usr/bin/env bash
# Applies each bug in turn, and prints which of 1,000 runs is the first to find it.
# `run.sh NAME…` applies only these. It works on a copy of the last commit.
set -euo pipefail
cd "$(dirname "$0")"
patches=$PWD
root=$(git rev-parse --show-toplevel)
copy=$(mktemp -d)
trap 'git -C "$root" worktree remove --force "$copy/tree"; rm -rf "$copy"' EXIT
git -C "$root" worktree add --quiet --detach "$copy/tree"
# One test runs all runs in order, and stops at the first in which a property does not hold.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target/planted} SIM_SEEDS=${SIM_SEEDS:-1000} SIM_PARTS=1
test=the_properties_hold_in_runs_of_part_01
cd "$copy/tree"
missed=0
for patch in "$patches"/*.patch; do
  name=$(basename "$patch" .patch)
  [[ $# -eq 0 || " $* " == *" $name "* ]] || continue
  git checkout --quiet .
  git apply "$patch"
  cargo test --quiet --release -p qris-orders --test simulation --no-run 2>"$copy/build" || { cat "$copy/build"; exit 1; }
  if cargo test --quiet --release -p qris-orders --test simulation "$test" -- --exact >"$copy/out" 2>&1; then
    found='not found'
    missed=1
  else
    found=$(grep -oE 'seed [0-9]+ breaks .*' "$copy/out" | head -1)
  fi
  printf '%-36s %s\n' "$name" "$found"
done
exit "$missed"
