// Kept for offline: the page and its track in a cache of the phone, on demand, so that a large collection does not fill it.
// A page belongs to one version of its track (`?v=`), so both are always kept together.

const KEPT = "cuecast-kept " + new URL("./", location.href).pathname;

function canKeep() {
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
    this.page = new URL(track.page, location.href).href;
    this.file = new URL(track.file, location.href).href;
    this.kept = false;
  }

  async start() {
    if (!canKeep() || !(await startWorker())) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.toggle());
    const versions = await this.versions();
    this.kept = versions.some((each) => each.url === this.file);
    if (!this.kept && versions.length) await this.keep(); // an older version is: take this one in its place
    this.show(this.kept ? "kept" : "keep");
  }

  // All versions of the track that are kept.
  async versions() {
    const bare = this.file.split("?")[0];
    return (await (await caches.open(KEPT)).keys()).filter((each) => each.url.split("?")[0] === bare);
  }

  async toggle() {
    if (this.kept) await this.forget(); else await this.keep();
  }

  async keep() {
    this.show("keeping");
    try {
      const cache = await caches.open(KEPT), older = await this.versions();
      const [sound, page] = await Promise.all([fetch(this.file), fetch(this.page, { cache: "no-cache" })]);
      if (!sound.ok || sound.status === 206 || !page.ok) throw new Error("not whole");
      await cache.put(this.file, sound); // first the sound: a page that is kept has one
      await cache.put(this.page, page);
      for (const each of older) if (each.url !== this.file) await cache.delete(each);
      this.kept = true;
      navigator.storage?.persist?.();
    } catch {
      this.show("failed");
      return;
    }
    this.show("kept");
  }

  async forget() {
    const cache = await caches.open(KEPT);
    await cache.delete(this.page);
    for (const each of await this.versions()) await cache.delete(each);
    this.kept = false;
    this.show("keep");
  }

  show(state) {
    this.button.textContent = this.track.words[state];
    this.button.setAttribute("aria-pressed", String(this.kept));
    this.button.disabled = state === "keeping";
  }
}
