// The lock screen and the buttons of headphones (Media Session), and a screen that stays on during play (Wake Lock).

class Session {
  constructor(track, player) {
    this.track = track;
    this.player = player;
    this.media = typeof MediaMetadata === "undefined" ? null : navigator.mediaSession;
    this.listen();
    player.audio.addEventListener("playing", () => this.listen()); // WebKit drops handlers when playback starts
  }

  listen() {
    const { player, media } = this;
    const actions = {
      play: () => player.play(),
      pause: () => player.pause(),
      stop: () => player.pause(),
      previoustrack: () => player.back(),
      nexttrack: () => player.skip(),
      seekto: (details) => player.seek(details.seekTime * 1000),
      seekbackward: null, // with these two, iPhones show ±10 s in place of previous and next
      seekforward: null,
    };
    for (const [name, action] of media ? Object.entries(actions) : []) {
      try {
        media.setActionHandler(name, action);
      } catch {
        // this browser does not know the action
      }
    }
  }

  update() {
    const { track, player, media } = this;
    if (!media || player.idle) return;
    const chapter = track.chapters[indexAt(player.starts, player.ms)];
    if (chapter !== this.chapter) {
      this.chapter = chapter;
      const artwork = [{ src: new URL(track.cover, location.href).href }];
      media.metadata = new MediaMetadata({ title: chapter.title, artist: track.title, album: track.collection, artwork });
    }
    media.playbackState = player.playing ? "playing" : "paused";
    media.setPositionState?.({ duration: track.duration / 1000, position: player.ms / 1000, playbackRate: player.audio.playbackRate });
  }
}

// Only pages over https get a wake lock. A phone takes it away when the page is hidden.
class WakeLock {
  constructor() {
    this.wanted = false;
    this.lock = null;
    this.requesting = false;
    document.addEventListener("visibilitychange", () => this.update(this.wanted));
  }

  async update(wanted) {
    this.wanted = wanted;
    if (!("wakeLock" in navigator) || this.requesting) return;
    if (wanted && !this.lock && document.visibilityState === "visible") {
      this.requesting = true;
      try {
        const lock = (this.lock = await navigator.wakeLock.request("screen"));
        lock.addEventListener("release", () => { if (this.lock === lock) this.lock = null; });
      } catch {
        // a low battery
      }
      this.requesting = false;
    }
    if (!this.wanted && this.lock) {
      const lock = this.lock;
      this.lock = null;
      await lock.release();
    }
  }
}
