<?php
// Prints the constants, functions, structs and fields of qris.php, as whole.py's program in C does.
require __DIR__ . '/../qris.php';

foreach (get_defined_constants(true)['user'] as $name => $value) {
    if ($name !== 'QRIS_CDEF') {
        echo "const $name $value\n";
    }
}
preg_match_all('/^[\w ]+ \**(qris_\w+)\(([^)]*)\);/m', QRIS_CDEF, $functions, PREG_SET_ORDER);
foreach ($functions as [, $name, $given]) {
    qris()->$name; // fails if the library lacks it
    echo "function $name ", $given === 'void' ? 0 : substr_count($given, ',') + 1, "\n";
}
preg_match_all('/^typedef struct (qris_\w+) \{/m', QRIS_CDEF, $structs);
foreach ($structs[1] as $name) {
    $type = qris()->type($name);
    echo "struct $name {$type->getSize()}\n";
    foreach ($type->getStructFieldNames() as $field) {
        echo "field $name.$field {$type->getStructFieldOffset($field)}\n";
    }
}
