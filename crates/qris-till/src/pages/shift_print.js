// Prints the report of a shift from the browser.

document.getElementById("print").addEventListener("click", () => print());
