// The report of a shift, on the browser's printer.

document.getElementById("print").addEventListener("click", () => print());
