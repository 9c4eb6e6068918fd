// The offline copy. `files.json` lists every file of a build; files with a hash in their name never
// change, so the copy is complete as soon as each listed file is in it. Live mode is never cached.

const CACHE = "wirelab";
const LIST = "/files.json";
const PAGE = "/index.html";

self.addEventListener("install", (event) => {
  event.waitUntil(refresh().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = url.origin === location.origin && event.request.method === "GET";
  if (!ours || url.pathname.startsWith("/api/") || url.pathname === "/ws") return;
  if (event.request.mode === "navigate") {
    event.respondWith(navigate(event));
  } else {
    event.respondWith(asset(event.request));
  }
});

// The newest page where there is a network, the kept one where there is none.
async function navigate(event) {
  try {
    const fresh = await fetch(event.request);
    if (fresh.ok) {
      event.waitUntil(refresh().catch(() => {}));
      return fresh;
    }
  } catch (offline) { /* the kept page */ }
  const kept = await (await caches.open(CACHE)).match(PAGE);
  return kept ?? Response.error();
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

// Fetches what the newest build has and the copy has not; the page itself comes last, so that a
// copy that was cut short still opens as the build it was.
async function refresh() {
  const cache = await caches.open(CACHE);
  const answer = await fetch(LIST, { cache: "no-store" });
  if (!answer.ok) return;
  const text = await answer.text();
  const before = await cache.match(LIST);
  if (before && (await before.text()) === text) return;
  const paths = JSON.parse(text).map((name) => "/" + name);
  const late = paths.filter((path) => path === PAGE);
  const first = paths.filter((path) => path !== PAGE && path !== "/sw.js");
  await cache.addAll(first.map((path) => new Request(path, { cache: "no-cache" })));
  await cache.addAll(late.map((path) => new Request(path, { cache: "no-store" })));
  await cache.put(LIST, new Response(text, { headers: { "content-type": "application/json" } }));
  const wanted = new Set([...paths, LIST]);
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}
