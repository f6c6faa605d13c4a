#!/usr/bin/env bash
# Cross-builds qris.dll for 64-bit Windows 7 and up with Debian's packages, and runs the C tests
# that need no network under wine. Not part of CI.
#
#   apt-get install rustc-web cargo-web rust-web-src gcc-mingw-w64-x86-64-win32 wine64
set -euo pipefail
cd "$(dirname "$0")"

triple=x86_64-win7-windows-gnu
cc=x86_64-w64-mingw32-gcc-win32
target=${CARGO_TARGET_DIR:-$PWD/../../target}/windows
# Debian's compiler comes with the sources of its standard library, which must be built for
# Windows 7. Building it needs unstable features.
export PATH=/usr/bin:/bin:/usr/lib/wine RUSTC_BOOTSTRAP=1
export CARGO_TARGET_X86_64_WIN7_WINDOWS_GNU_LINKER=$cc CC_x86_64_win7_windows_gnu=$cc
export AR_x86_64_win7_windows_gnu=x86_64-w64-mingw32-ar
/usr/bin/cargo rustc --quiet --profile clib -p qris-c --lib --crate-type cdylib \
  -Zbuild-std=std,panic_unwind --target "$triple" --target-dir "$target" "$@"

out=$target/$triple/clib
ls -l "$out/qris.dll"
x86_64-w64-mingw32-objdump -p "$out/qris.dll" | awk '/DLL Name/ {print "needs", $3}'
echo "exports:"
x86_64-w64-mingw32-objdump -p "$out/qris.dll" | awk '/\[Ordinal\/Name Pointer\]/ {on = 1; next} NF == 0 {on = 0} on {print "  " $NF}'

flags=(-std=c99 -Wall -Wextra -Wpedantic -Werror -D__USE_MINGW_ANSI_STDIO=1 -Iinclude)
# The example of a till is only compiled, because it needs a provider.
"$cc" "${flags[@]}" examples/pos.c "$out/qris.dll" -o "$out/pos.exe"
for program in vectors misuse; do
  "$cc" "${flags[@]}" "tests/c/$program.c" "$out/qris.dll" -o "$out/$program.exe"
done
export WINEDEBUG=-all WINEPREFIX=$target/wine
cp ../../crates/qris-codec/tests/vectors/payloads.tsv "$out"
cd "$out"
wine64 vectors.exe payloads.tsv
wine64 misuse.exe
