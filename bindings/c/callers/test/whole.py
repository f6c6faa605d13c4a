"""Writes a program that prints the names and layouts of qris.h: whole.py c|pas.

C# and PHP use reflection. All print the same lines: constants, functions with the
number of their parameters, structs and fields.
"""

import re
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
header = (here / "../../include/qris.h").read_text()
header = re.sub(r"/\*.*?\*/", "", header, flags=re.S)

constants = re.findall(r"^#define (QRIS_\w+) \S+$", header, re.M) + re.findall(r"^ +(QRIS_\w+) = \d+,$", header, re.M)
structs = {
    name: re.findall(r"(\w+)(?:\[\d+\])?;$", body, re.M)
    for name, body in re.findall(r"^typedef struct (qris_\w+) \{(.*?)^\}", header, re.S | re.M)
}
callbacks = re.findall(r"_callback (\w+);$", header, re.M)
functions = (here / "../../tests/symbols.txt").read_text().split()
# The number of parameters of each function, and the same in Pascal, which has no reflection.
parameters = {
    name: 0 if given == "void" else given.count(",") + 1
    for name, given in re.findall(r"^[\w ]+\*?(qris_\w+)\(([^)]*)\);$", header, re.M)
}
pascal = {
    name: given.count(":")
    for name, given in re.findall(
        r"^(?:function|procedure) (qris_\w+)(?:\(([^)]*)\))?[^;]*;\s+cdecl", (here / "../qris.pas").read_text(), re.M
    )
}
assert len(constants) > 100 and len(structs) > 20 and len(functions) > 30, "the header is read wrongly"


def c():
    yield '#include <stdio.h>\n#include "qris.h"\nint main(void)\n{'
    for name in constants:
        form = "%s" if name == "QRIS_VERSION" else "%d"
        yield f'  printf("const {name} {form}\\n", {name});'
    for name in functions:
        yield f'  printf("function {name} {parameters[name]}\\n");'
    for name, fields in structs.items():
        yield f'  printf("struct {name} %zu\\n", sizeof({name}));'
        for field in fields:
            yield f'  printf("field {name}.{field} %zu\\n", offsetof({name}, {field}));'
    yield "  return 0;\n}"


def pas():
    renamed = {"QRIS_VERSION": "QRIS_VERSION_TEXT", "to": "to_"}
    types = {name: "".join(word.capitalize() for word in name.split("_")) for name in structs}
    yield "program whole;\n{$MODE DELPHI}\nuses qris;\nvar found: Pointer;\nbegin"
    for name in constants:
        yield f"  writeln('const {name} ', {renamed.get(name, name)});"
    for name in functions:
        yield f"  found := @{name}; if found <> nil then writeln('function {name} {pascal[name]}');"
    for name, fields in structs.items():
        yield f"  writeln('struct {name} ', SizeOf(T{types[name]}));"
        for field in fields:
            at = "@@" if field in callbacks else "@"
            yield f"  writeln('field {name}.{field} ', PtrUInt({at}P{types[name]}(nil)^.{renamed.get(field, field)}));"
    yield "end."


print("\n".join({"c": c, "pas": pas}[sys.argv[1]]()))
