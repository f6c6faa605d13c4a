# Read by .ci/run and .ci/test. With names as arguments only those steps run.
#
#   step NAME COMMAND…    runs a step and says how long it took
#   beside NAME COMMAND…  starts a step that mostly waits; the next steps run meanwhile
#   join NAME             waits for such a step, and prints its output
only=("$@")

selected() {
  ((${#only[@]} == 0)) || [[ $1 == setup || " ${only[*]} " == *" $1 "* ]]
}

step() {
  local name=$1 start=$SECONDS
  shift
  selected "$name" || return 0
  printf '\n== %s\n' "$name"
  "$@"
  printf '== %s: %d s\n' "$name" $((SECONDS - start))
}

beside() {
  local name=$1
  shift
  selected "$name" || return 0
  printf '\n== %s: started, its output comes later\n' "$name"
  mkdir -p target/steps
  # A session of its own: what a failed gate leaves running is ended with it.
  setsid bash -c '"$@"; code=$?; printf "== %s: %d s\n" "$0" "$SECONDS"; exit "$code"' "$name" "$@" \
    >"target/steps/$name" 2>&1 </dev/null &
  beside_pids[$name]=$!
}

join() {
  local name=$1 code=0
  selected "$name" || return 0
  wait "${beside_pids[$name]}" || code=$?
  unset "beside_pids[$name]"
  printf '\n== %s\n' "$name"
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
