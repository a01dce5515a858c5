// The sound: what plays, and from where. All times come from the audio element's own clock.

const BACK_MS = 3000; // within so much of an exercise, "back" means the one before

class Player {
  // `track` is the page's data; `changed` is called whenever something is to be shown anew.
  constructor(track, changed) {
    this.track = track;
    this.changed = changed;
    this.starts = track.steps.map((step) => step.start);
    this.audio = new Audio();
    this.audio.preload = "none";
    this.audio.src = track.file;
    this.exact = null; // the URL that seeks exactly, once there is one
    this.guessed = false; // whether the clock may be wrong: after a seek in the plain file
    this.wanted = null; // where to be as soon as the element knows its file (ms)
    for (const name of ["play", "playing", "pause", "seeked", "ended", "waiting"]) this.audio.addEventListener(name, changed);
    this.audio.addEventListener("loadedmetadata", () => this.arrive());
    this.audio.addEventListener("error", () => this.failed());
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  get ended() {
    return this.audio.ended;
  }

  get ms() {
    if (this.wanted !== null) return this.wanted;
    return this.audio.ended ? this.track.duration : Math.min(this.audio.currentTime * 1000, this.track.duration);
  }

  play() {
    if (this.exact && this.audio.src !== this.exact && !this.audio.currentTime) this.change(this.wanted ?? 0);
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
    const target = Math.max(0, Math.min(ms, this.track.duration - 100));
    if (this.exact && this.audio.src !== this.exact) {
      this.change(target);
    } else if (this.audio.readyState === 0 || this.wanted !== null) {
      this.wanted = target; // what was wanted before has not been reached yet
    } else {
      this.guessed = this.audio.src !== this.exact;
      this.audio.currentTime = target / 1000;
    }
    this.changed();
  }

  skip() {
    const now = this.ms, following = this.starts.find((start) => start > now);
    const last = this.track.intervals.at(-1);
    if (following !== undefined) this.seek(following);
    else if (last.kind === "close" && last.start > now) this.seek(last.start);
  }

  back() {
    const now = this.ms, step = indexAt(this.starts, now);
    this.seek(now - this.starts[step] > BACK_MS ? this.starts[step] : this.starts[Math.max(0, step - 1)]);
  }

  // "I need more time": this work, or this gap, from its start; after the last one that one again.
  repeat() {
    const intervals = this.track.intervals;
    let index = indexAt(intervals.map((each) => each.start), this.ms);
    if (intervals[index].kind === "close") index = Math.max(0, index - 1);
    this.seek(intervals[index].start);
  }

  // A source that seeks exactly is there. Where the clock may be wrong it is set right at once, else at the next seek.
  offer(url) {
    this.exact = url;
    if (url && this.guessed) this.change(this.ms);
  }

  change(ms) {
    const playing = this.playing;
    this.wanted = ms;
    this.guessed = false;
    this.audio.src = this.exact;
    if (playing) this.audio.play().catch(() => this.changed());
    else this.audio.load();
  }

  arrive() {
    if (this.wanted !== null) {
      this.guessed = this.audio.src !== this.exact && this.wanted > 0;
      this.audio.currentTime = this.wanted / 1000;
      this.wanted = null;
    }
    this.changed();
  }

  failed() {
    if (this.audio.src !== this.exact) return this.changed();
    const playing = this.playing, ms = this.ms;
    this.exact = null;
    this.audio.src = this.track.file;
    this.wanted = ms;
    if (playing) this.audio.play().catch(() => this.changed());
  }
}
