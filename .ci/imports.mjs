// Fails when a WebAssembly module imports anything, or is too empty for that to mean something.

import { readFileSync } from "node:fs";
import { basename } from "node:path";

// A module with fewer functions was linked without the crate that it is to judge.
const FEWEST_FUNCTIONS = 500;

const path = process.argv[2];
const module = new WebAssembly.Module(readFileSync(path));
const imports = WebAssembly.Module.imports(module);
const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "function");
for (const { module: from, name } of imports) {
  console.error(`${basename(path)} needs ${from}.${name}`);
}
console.log(`${basename(path)}: ${imports.length} imports, ${functions.length} functions`);
process.exit(imports.length === 0 && functions.length >= FEWEST_FUNCTIONS ? 0 : 1);
