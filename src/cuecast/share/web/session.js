// The lock screen and the buttons of headphones (Media Session).

const JUMP_S = 10;

class Session {
  constructor(track, player) {
    this.track = track;
    this.player = player;
    this.media = navigator.mediaSession;
    this.step = null;
    if (!this.media || typeof MediaMetadata === "undefined") this.media = null;
    else this.listen();
  }

  listen() {
    const player = this.player;
    const actions = {
      play: () => player.play(),
      pause: () => player.pause(),
      stop: () => player.pause(),
      previoustrack: () => player.back(),
      nexttrack: () => player.skip(),
      seekto: (told) => player.seek(told.seekTime * 1000),
      seekbackward: (told) => player.seek(player.ms - (told.seekOffset || JUMP_S) * 1000),
      seekforward: (told) => player.seek(player.ms + (told.seekOffset || JUMP_S) * 1000),
    };
    for (const [name, action] of Object.entries(actions)) {
      try {
        this.media.setActionHandler(name, action);
      } catch {
        // a browser that does not know this one
      }
    }
  }

  // What the lock screen shows follows what is heard.
  update() {
    if (!this.media) return;
    const { track, player, media } = this, step = indexAt(player.starts, player.ms);
    if (step !== this.step) {
      this.step = step;
      const artwork = track.artwork.map((each) => ({ ...each, src: new URL(each.src, location.href).href }));
      media.metadata = new MediaMetadata({ title: track.steps[step].title || track.title, artist: track.title, album: track.collection, artwork });
    }
    media.playbackState = player.playing ? "playing" : "paused";
    if (media.setPositionState) {
      media.setPositionState({ duration: track.duration / 1000, position: Math.min(player.ms, track.duration) / 1000, playbackRate: 1 });
    }
  }
}
