import { element, say } from "/assets/till.js";

// Back to the page that was asked for, and its till.
if (location.pathname !== "/login") element("next").value = location.pathname + location.search;
say();
