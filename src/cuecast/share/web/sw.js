// The service worker: lets the pages open without a network. The browser fetches it again when what it stores has changed.
"use strict";

const VERSION = "$version";
const FILES = $files; // what the collection's page needs; the pages store tracks on demand
const PATH = new URL(self.registration.scope).pathname;
const SHELL = "cuecast-shell " + PATH + " "; // caches belong to the whole host: leave those of other folders alone
const STORED = "cuecast-kept " + PATH;
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL + VERSION);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
    await self.skipWaiting(); // safe at any time: a page contains its script
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
  event.respondWith(/\.(mp3|m4a)$$/.test(url.pathname) ? sound(request) : page(request, url));
});

// A track: the stored copy of this version, in the ranges that the player asks for; else the network's answer.
async function sound(request) {
  const stored = await (await caches.open(STORED)).match(request.url);
  return stored ? part(stored, request.headers.get("Range")) : fetch(request);
}

// A range of an answer, as iPhones insist on.
async function part(answer, range) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$$/.exec(range?.trim()) || [];
  if (!first && !last) return answer;
  const whole = await answer.blob(), size = whole.size;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  const headers = { "Accept-Ranges": "bytes", "Content-Type": answer.headers.get("Content-Type") };
  if (start > end) return new Response(null, { status: 416, headers: { ...headers, "Content-Range": "bytes */" + size } });
  headers["Content-Range"] = "bytes " + start + "-" + end + "/" + size;
  headers["Content-Length"] = String(end - start + 1);
  return new Response(whole.slice(start, end + 1), { status: 206, headers });
}

// Anything else: from the network, so that nobody sees an old page; the stored copy if the network fails or is slow.
async function page(request, url) {
  const network = fetch(request);
  const stored = await findStored(url);
  if (!stored) return network;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const answer = await Promise.race([network.catch(() => undefined), late]);
  return answer && answer.status < 500 ? answer : stored;
}

async function findStored(url) {
  const bare = url.origin + url.pathname;
  const names = bare.endsWith("/") ? [bare + "index.html"] : [url.href, bare, bare + ".html"]; // some hosts drop the ending
  for (const cacheName of [STORED, SHELL + VERSION]) {
    const cache = await caches.open(cacheName);
    for (const name of names) {
      const found = await cache.match(name);
      if (found) return found.redirected ? new Response(found.body, { headers: found.headers }) : found;
    }
  }
  return undefined;
}
