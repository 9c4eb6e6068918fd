// The last step of a page build, called by Trunk (see Trunk.toml) in the folder it is about to
// put in place: cuts the program into parts, lists every file for the offline copy, and presses
// each text with brotli, so that the relay can send `x.wasm.br` for `x.wasm` without pressing
// anything while it serves.

import { copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import { split } from "./split.mjs";

const TEXT = new Set([".wasm", ".js", ".css", ".html", ".svg", ".md", ".json", ".txt"]);
// Below this, the saving is smaller than the header that announces it.
const SMALLEST_BYTES = 256;

const dist = process.env.TRUNK_STAGING_DIR ?? process.argv[2];
if (!dist) {
  console.error("pack: call it from Trunk, or as: node .ci/pack.mjs dist");
  process.exit(1);
}

split(dist);

const OWN = ["files.json", "404.html"];
const own = (path) => path.endsWith(".br") || OWN.some((name) => path === join(dist, name));
const files = walk(dist).filter((path) => !own(path));
const names = files.map((path) => relative(dist, path).split(sep).join("/")).sort();
writeFileSync(join(dist, "files.json"), JSON.stringify(names));
// Plain static hosts answer an unknown path with this page: so links into the app work there too.
copyFileSync(join(dist, "index.html"), join(dist, "404.html"));

let before = 0;
let after = 0;
for (const path of [...files, join(dist, "files.json")]) {
  const bytes = readFileSync(path);
  if (!TEXT.has(extname(path)) || bytes.length < SMALLEST_BYTES) continue;
  const pressed = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  if (pressed.length >= bytes.length) continue;
  writeFileSync(path + ".br", pressed);
  before += bytes.length;
  after += pressed.length;
}
console.log(`pack: ${kilobytes(before)} of text pressed to ${kilobytes(after)} with brotli`);

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} KB`;
}
