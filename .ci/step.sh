# Read by .ci/run and .ci/test. With names as arguments only those steps run.
#
#   step NAME COMMAND…    runs a step and says how long it took, and how much of the processors it and
#                         what ended beside it used
#   beside NAME COMMAND…  starts a step that mostly waits, or with `nice` computes while the others wait;
#                         the next steps run meanwhile
#   join NAME             waits for such a step, and prints its output
only=("$@")
mkdir -p target/steps

selected() {
  ((${#only[@]} == 0)) || [[ $1 == setup || " ${only[*]} " == *" $1 "* ]]
}

# Sets `cpu` to the seconds of processor time of the programs that have ended so far.
cpu_seconds() {
  times >"target/steps/cpu.$$"
  cpu=$(awk -F'[ms ]+' 'NR == 2 { print int($1 * 60 + $2 + $3 * 60 + $4) }' "target/steps/cpu.$$")
  rm "target/steps/cpu.$$"
}

step() {
  local name=$1 start=$SECONDS cpu before
  shift
  selected "$name" || return 0
  printf '\n== %s\n' "$name"
  cpu_seconds
  before=$cpu
  "$@"
  cpu_seconds
  printf '== %s: %d s (CPU: %d s)\n' "$name" $((SECONDS - start)) $((cpu - before))
}

beside() {
  local name=$1
  shift
  selected "$name" || return 0
  printf '\n== %s: started, its output comes later\n' "$name"
  # A session of its own: what a failed gate leaves running is ended with it.
  setsid bash -c '
    set -euo pipefail
    command=("${@:2}")
    set -- "$1"
    source .ci/step.sh
    step "$1" "${command[@]}"' beside "$name" "$@" >"target/steps/$name" 2>&1 </dev/null &
  beside_pids[$name]=$!
}

join() {
  local name=$1 code=0
  selected "$name" || return 0
  wait "${beside_pids[$name]}" || code=$?
  unset "beside_pids[$name]"
  cat "target/steps/$name"
  return "$code"
}

declare -A beside_pids=()
trap 'for pid in "${beside_pids[@]}"; do kill -- "-$pid" "$pid" 2>/dev/null || true; done' EXIT

known=" $(sed -nE 's/^(step|beside) ([a-z-]*) .*/\2/p' .ci/run .ci/test | tr '\n' ' ')"
for name in "$@"; do
  if [[ $known != *" $name "* ]]; then
    echo "no step is called «$name»; there are:$known" >&2
    exit 2
  fi
done
