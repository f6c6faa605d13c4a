# Read by .ci/run and .ci/test: `step NAME COMMAND…` runs a step and says how long it took. With
# names as arguments only those steps are run.
only=("$@")

step() {
  local name=$1 start=$SECONDS
  shift
  if ((${#only[@]})) && [[ $name != setup && " ${only[*]} " != *" $name "* ]]; then
    return
  fi
  printf '\n== %s\n' "$name"
  "$@"
  printf '== %s: %d s\n' "$name" $((SECONDS - start))
}

known=" $(sed -n 's/^step \([a-z-]*\) .*/\1/p' .ci/run .ci/test | tr '\n' ' ')"
for name in "$@"; do
  if [[ $known != *" $name "* ]]; then
    echo "no step is called «$name»; there are:$known" >&2
    exit 2
  fi
done
