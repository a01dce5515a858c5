// The screen stays on while the track plays, where the browser allows it (https). A phone takes the lock away whenever the
// page is hidden; it is asked for again when the page is back.

class Awake {
  constructor() {
    this.wanted = false;
    this.lock = null;
    this.asking = false;
    document.addEventListener("visibilitychange", () => this.update(this.wanted));
  }

  async update(wanted) {
    this.wanted = wanted;
    if (!("wakeLock" in navigator) || this.asking) return;
    if (wanted && !this.lock && document.visibilityState === "visible") {
      this.asking = true;
      try {
        const lock = (this.lock = await navigator.wakeLock.request("screen"));
        lock.addEventListener("release", () => { if (this.lock === lock) this.lock = null; });
      } catch {
        // a low battery: then the screen goes dark as it does everywhere
      }
      this.asking = false;
    }
    if (!this.wanted && this.lock) {
      const lock = this.lock;
      this.lock = null;
      await lock.release();
    }
  }
}
