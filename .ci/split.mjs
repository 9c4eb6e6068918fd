// Cuts the program into the parts that `web/src/parts.rs` names, so that a first visit loads only
// the first. Trunk has no step for it: the cut goes by the linker's relocations, which are gone
// after wasm-bindgen. So what Trunk made of the whole program is made anew here from its parts.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LINKS = "__wasm_split.js"; // the glue that fetches parts, as wasm-split-cli names it

// Puts the parts, optimised, in the place of the whole program in the folder that Trunk fills.
export function split(dist) {
  const target = process.env.CARGO_TARGET_DIR ?? "target";
  const made = join(target, "wirelab-parts");
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const whole = join(target, "wasm32-unknown-unknown", "app", "web.wasm");
  run("wasm-split-cli", [whole, made, "--target", "web", "--out-name", "web"]);
  const first = join(made, "web.wasm");
  const bindgen = ["--target", "web", "--no-typescript", "--keep-lld-exports"];
  run("wasm-bindgen", [...bindgen, "--out-dir", made, "--out-name", "web", first]);
  rmSync(first);
  const names = readdirSync(made).sort();
  for (const name of names.filter((name) => name.endsWith(".wasm"))) {
    run("wasm-opt", ["-Oz", join(made, name), "-o", join(made, name)]);
  }
  put(dist, made, names);
}

// The scripts name each other and the parts, so all files of a build have the same hash.
function put(dist, made, names) {
  const sum = createHash("sha256");
  for (const name of names) sum.update(name).update(readFileSync(join(made, name)));
  const hash = sum.digest("hex").slice(0, 16);
  const hashed = new Map(names.map((name) => [name, named(name, hash)]));
  for (const name of names) {
    let bytes = readFileSync(join(made, name));
    if (name.endsWith(".js")) bytes = renamed(bytes.toString(), hashed);
    writeFileSync(join(dist, hashed.get(name)), bytes);
  }
  const page = join(dist, "index.html");
  const html = readFileSync(page, "utf8");
  const before = html.match(/\/web-([0-9a-f]+)\.js/)[1];
  for (const end of [".js", "_bg.wasm"]) rmSync(join(dist, `web-${before}${end}`));
  // The browser learns of the second script at once, not when it has read the first.
  const links = `<link rel="modulepreload" href="/${hashed.get(LINKS)}" crossorigin="anonymous">`;
  const renewed = html.replaceAll(`web-${before}`, `web-${hash}`);
  writeFileSync(page, renewed.replace("</head>", `${links}</head>`));
}

// `web.js` becomes `web-HASH.js`, `split_lesson.wasm` `lesson-HASH.wasm`.
function named(name, hash) {
  if (name === LINKS) return `parts-${hash}.js`;
  return name.replace(/^split_/, "").replace(/^([a-z]+(?:_\d+)?)(.*)$/, `$1-${hash}$2`);
}

// Only where a file is fetched from: the program also has such a name for what it imports.
function renamed(script, hashed) {
  return script.replace(/(from |URL\()"\.\/([^"]+)"/g, (whole, how, name) =>
    hashed.has(name) ? `${how}"./${hashed.get(name)}"` : whole);
}

function run(program, parameters) {
  execFileSync(program, parameters, { stdio: ["ignore", "ignore", "inherit"] });
}
