// The service worker: lets the pages open without a network. It comes anew whenever what it keeps has changed.
"use strict";

const VERSION = "$version";
const FILES = $files; // what the collection's page needs; tracks and their pages are kept on demand, by the pages
const PATH = new URL(self.registration.scope).pathname;
const SHELL = "cuecast-shell " + PATH + " "; // caches are the whole host's: another folder's are not ours to clean
const KEPT = "cuecast-kept " + PATH;
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL + VERSION);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
    await self.skipWaiting(); // safe at any time: a page brings its own script, and asks the network first
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(SHELL) && name !== SHELL + VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(PATH)) return;
  event.respondWith(url.pathname.endsWith(".mp3") ? sound(request) : page(request, url));
});

// A track: what is kept of just this version, in the ranges that the player asks for; else the network's own answer.
async function sound(request) {
  const kept = await (await caches.open(KEPT)).match(request.url);
  return kept ? part(kept, request.headers.get("Range")) : fetch(request);
}

// A range of an answer, as iPhones insist on.
async function part(answer, range) {
  const asked = range && /^bytes=(\d*)-(\d*)$$/.exec(range.trim());
  if (!asked || (!asked[1] && !asked[2])) return answer;
  const whole = await answer.blob(), size = whole.size;
  const start = asked[1] ? Number(asked[1]) : Math.max(0, size - Number(asked[2]));
  const end = asked[1] && asked[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
  const headers = { "Accept-Ranges": "bytes", "Content-Type": "audio/mpeg" };
  if (start > end) return new Response(null, { status: 416, headers: { ...headers, "Content-Range": "bytes */" + size } });
  headers["Content-Range"] = "bytes " + start + "-" + end + "/" + size;
  headers["Content-Length"] = String(end - start + 1);
  return new Response(whole.slice(start, end + 1), { status: 206, headers });
}

// Anything else: the network's, so that nobody sees yesterday's; what is kept where there is none, or too slow a one.
async function page(request, url) {
  const network = fetch(request);
  const stored = await kept(url);
  if (!stored) return network;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const answer = await Promise.race([network.catch(() => undefined), late]);
  return answer && answer.status < 500 ? answer : stored;
}

async function kept(url) {
  const bare = url.origin + url.pathname;
  const names = bare.endsWith("/") ? [bare + "index.html"] : [bare, bare + ".html"]; // some hosts take the ending off
  for (const name of [KEPT, SHELL + VERSION]) {
    const cache = await caches.open(name);
    for (const each of names) {
      const found = await cache.match(each);
      if (found) return found.redirected ? new Response(found.body, { headers: found.headers }) : found;
    }
  }
  return undefined;
}
