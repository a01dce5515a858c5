// The sound. Every time comes from the audio element's own clock. Nothing is loaded before the first play.

const BACK_MS = 3000; // this early in an exercise, "back" goes to the one before
const RESUME_MARGIN_MS = 15000; // so close to the start or the end, a position is not worth resuming
const SPEEDS = [1, 1.25, 0.75];

class Player {
  // `track` is the page's data; `changed` is called when the display must change.
  constructor(track, changed) {
    this.track = track;
    this.changed = changed;
    this.starts = track.chapters.map((chapter) => chapter.start);
    this.idle = true; // nothing was played or sought yet
    this.failed = false;
    this.target = this.storedPosition(); // where to be once the element knows its file; null: at its own time
    this.audio = new Audio();
    this.audio.preload = "none";
    this.audio.src = track.file;
    for (const name of ["play", "playing", "pause", "seeked", "ended", "waiting"]) this.audio.addEventListener(name, changed);
    this.audio.addEventListener("loadedmetadata", () => this.goToTarget());
    this.audio.addEventListener("error", () => this.fail());
    for (const name of ["pause", "seeked", "ended"]) this.audio.addEventListener(name, () => this.storePosition());
    addEventListener("pagehide", () => this.storePosition());
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended && !this.failed;
  }

  get ended() {
    return this.audio.ended;
  }

  get ms() {
    if (this.target !== null) return this.target;
    return this.audio.ended ? this.track.duration : Math.min(this.audio.currentTime * 1000, this.track.duration);
  }

  play() {
    this.idle = false;
    if (this.failed) {
      this.failed = false;
      this.audio.load();
    }
    if (this.audio.ended) this.seek(0);
    this.audio.play().catch(() => this.changed()); // refused, or paused again before it began
  }

  pause() {
    this.audio.pause();
  }

  toggle() {
    if (this.playing) this.pause(); else this.play();
  }

  seek(ms) {
    this.idle = false;
    const target = Math.max(0, Math.min(ms, this.track.duration - 100));
    if (this.audio.readyState === 0 || this.target !== null) this.target = target;
    else this.audio.currentTime = target / 1000;
    this.changed();
  }

  skip() {
    const ms = this.ms, following = this.starts.find((start) => start > ms);
    const last = this.track.intervals.at(-1);
    if (following !== undefined) this.seek(following);
    else if (last.kind === "close" && last.start > ms) this.seek(last.start);
  }

  back() {
    const ms = this.ms, index = indexAt(this.starts, ms);
    this.seek(ms - this.starts[index] > BACK_MS ? this.starts[index] : this.starts[Math.max(0, index - 1)]);
  }

  // "I need more time": this interval from its start; after the last work, that work.
  repeat() {
    const intervals = this.track.intervals;
    let index = indexAt(intervals.map((each) => each.start), this.ms);
    if (intervals[index].kind === "close") index = Math.max(0, index - 1);
    this.seek(intervals[index].start);
  }

  changeSpeed() {
    const index = SPEEDS.indexOf(this.audio.defaultPlaybackRate);
    this.audio.defaultPlaybackRate = this.audio.playbackRate = SPEEDS[(index + 1) % SPEEDS.length];
    this.changed();
  }

  goToTarget() {
    if (this.target !== null) this.audio.currentTime = this.target / 1000;
    this.target = null;
    this.changed();
  }

  // The network has gone, or the file: stay at this moment, until somebody tries again.
  fail() {
    this.target = this.ms;
    this.failed = true;
    this.changed();
  }

  storedPosition() {
    try {
      const stored = JSON.parse(localStorage.getItem("cuecast " + location.pathname));
      return stored?.file === this.track.file ? stored.ms : null;
    } catch {
      return null; // storage is off
    }
  }

  storePosition() {
    if (this.idle) return;
    const ms = Math.round(this.ms), name = "cuecast " + location.pathname;
    try {
      if (ms < RESUME_MARGIN_MS || ms > this.track.duration - RESUME_MARGIN_MS) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify({ file: this.track.file, ms }));
    } catch {
      // storage is off
    }
  }
}
