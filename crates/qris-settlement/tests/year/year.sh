#!/usr/bin/env bash
# Makes a year of 300,000 payments, or as many as the first argument says, with two percent of each fault, and
# holds it against its files: in memory, in a SQLite file and in PostgreSQL. Prints counts and times.
set -euo pipefail
cd "$(dirname "$0")"
QRIS_YEAR_PAYMENTS=${1:-300000} exec cargo test --release -p qris-settlement --test year -- --nocapture --test-threads 1 year
