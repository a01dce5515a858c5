// Stores the page and its track in a cache of the phone, on demand, so that a large collection does not fill it.
// A page belongs to one version of its track (`?v=`): both are always stored together.

const STORED = "cuecast-kept " + new URL("./", location.href).pathname;

function canStore() {
  return window.isSecureContext && location.protocol !== "file:" && "serviceWorker" in navigator && "caches" in window;
}

async function startWorker() {
  try {
    await navigator.serviceWorker.register("sw.js");
    return true;
  } catch {
    return false; // switched off, or the host sends it with a wrong type
  }
}

class Offline {
  constructor(track, button) {
    this.track = track;
    this.button = button;
    const covers = track.cover.startsWith("icons/") ? [] : [track.cover]; // the icons are stored with the collection
    this.urls = [track.file, track.page, ...covers].map((each) => new URL(each, location.href).href);
    this.stored = false;
  }

  async start() {
    if (!canStore()) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.stored ? this.remove() : this.store()));
    const versions = await this.versions();
    this.stored = versions.some((each) => each.url === this.urls[0]);
    if (!this.stored && versions.length) await this.store(); // an older version is stored: replace it
    this.show(this.stored ? "stored" : "store");
  }

  // All stored versions of the track and its cover.
  async versions() {
    const base = this.urls[0].replace(/\.\w+\?.*/, ""), own = [".mp3", ".m4a", ".png", ".jpg"].map((suffix) => base + suffix);
    return (await (await caches.open(STORED)).keys()).filter((each) => own.includes(each.url.split("?")[0]));
  }

  async store() {
    this.show("storing");
    try {
      if (!(await startWorker())) throw new Error("no service worker");
      const cache = await caches.open(STORED), older = await this.versions();
      const answers = await Promise.all(this.urls.map((url) => fetch(url, { cache: "no-cache" })));
      if (answers.some((each) => each.status !== 200)) throw new Error("not whole");
      for (let i = 0; i < answers.length; i++) await cache.put(this.urls[i], answers[i]); // the sound before its page
      for (const each of older) if (!this.urls.includes(each.url)) await cache.delete(each);
      this.stored = true;
      navigator.storage?.persist?.();
    } catch {
      this.show("failed");
      return;
    }
    this.show("stored");
  }

  async remove() {
    const cache = await caches.open(STORED);
    await cache.delete(this.urls[1]);
    for (const each of await this.versions()) await cache.delete(each);
    this.stored = false;
    this.show("store");
  }

  show(state) {
    this.button.textContent = this.track.words[state];
    this.button.setAttribute("aria-pressed", String(this.stored));
    this.button.disabled = state === "storing";
  }
}
