import { say } from "/assets/till.js";

say();
