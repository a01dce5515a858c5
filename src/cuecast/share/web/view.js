// What the page shows at a moment. Text is only ever set as text.

const ICONS = { play: "M8 5v14l11-7z", pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" };
const ARROWS = { left: "← ", right: " →" };
const MAX_BARS = 600;
const CUE_MS = 6000; // how long a cue stays after it was spoken

class View {
  constructor(track) {
    this.track = track;
    this.words = track.words;
    this.starts = track.intervals.map((each) => each.start);
    this.cueStarts = track.cues.map((each) => each.start);
    this.shown = {};
    this.nodes = {};
    for (const node of document.querySelectorAll("[id]")) this.nodes[node.id] = node;
    this.drawStrip();
    this.listChapters();
  }

  // Shows the player's moment. Only what has changed is touched.
  show(player) {
    const { ms, idle, ended } = player, { words, nodes } = this;
    const index = indexAt(this.starts, ms), interval = this.track.intervals[index], left = interval.end - ms;
    const length = Math.max(1, interval.end - interval.start);
    this.set("arc", idle ? 0 : Math.round(1000 - (1000 * Math.max(0, left)) / length), (node, value) => node.setAttribute("stroke-dashoffset", value));
    this.set("left", idle ? clock(this.track.duration) : ended ? "✓" : countdown(left), (node, value) => {
      node.textContent = value;
      node.dataset.size = value.length;
    });
    this.set("done", clock(ms), (node, value) => {
      node.textContent = value;
      nodes.position.value = Math.floor(ms / 1000);
      this.toCome.setAttribute("x", ms);
    });
    this.set("cue", this.cue(player, interval), (node, value) => {
      node.textContent = value;
      node.toggleAttribute("data-long", value.length > 80);
    });
    this.set("play", player.playing, (node, value) => {
      node.setAttribute("aria-label", value ? words.pause : words.play);
      nodes.icon.setAttribute("d", value ? ICONS.pause : ICONS.play);
    });
    this.set("speed", player.audio.defaultPlaybackRate + "×", (node, value) => {
      node.textContent = value;
      node.setAttribute("aria-label", words.speed + " " + value);
    });
    this.set("message", player.failed ? words.unplayable : "", (node, value) => (node.textContent = value));
    this.set("chapters", indexAt(player.starts, ms), (node, value) => {
      node.querySelector("[aria-current]")?.removeAttribute("aria-current");
      node.children[value].firstChild.setAttribute("aria-current", "true");
    });
    this.set("stage", idle ? "idle" : index + (ended ? " ended" : ""), () => this.showInterval(index, interval, player));
  }

  showInterval(index, interval, { idle, ended }) {
    const { nodes, words, track } = this, kind = idle ? "lead-in" : ended ? "close" : interval.kind;
    const title = { pause: words.pause, close: words.done }[kind] || track.title;
    const name = (!idle && !ended && interval.exercise) || title;
    const round = !idle && interval.rounds > 1 ? fill(words.round, interval) : "";
    const label = idle ? "" : words[interval.kind] || "";
    const side = idle || ended ? "" : words[interval.side] || "";
    const coming = idle || ended ? "" : this.coming(index, interval);
    nodes.stage.dataset.kind = kind;
    nodes.label.textContent = [label, round].filter(Boolean).join(" · ");
    nodes.exercise.textContent = name;
    nodes.exercise.dataset.long = name.length > 40 ? "2" : name.length > 16 ? "1" : "";
    nodes.side.textContent = side && (interval.side === "left" ? ARROWS.left : "") + side + (interval.side === "right" ? ARROWS.right : "");
    nodes.next.textContent = coming && fill(words.next, { name: coming });
    nodes.position.setAttribute("aria-valuetext", [clock(interval.start), name, side].filter(Boolean).join(", "));
    nodes.spoken.textContent = idle ? "" : [label, name, side, round].filter(Boolean).join(", ");
  }

  // The next work; during a gap that shows its work already, the one after that.
  coming(index, interval) {
    const isWork = (each) => each.kind === "work" || each.kind === "chapter";
    const later = this.track.intervals.slice(index + (interval.exercise && !isWork(interval) ? 2 : 1));
    const next = later.find((each) => isWork(each) && each.exercise);
    if (next) return [next.exercise, this.words[next.side]].filter(Boolean).join(", ");
    return later.some((each) => each.kind === "close") ? this.words.finish : "";
  }

  // The cue that began last in this interval, for a while; before the first play, what there is to do.
  cue(player, interval) {
    const { ms, idle } = player;
    if (idle) return ms ? fill(this.words.resume, { time: clock(ms) }) : this.track.summary;
    const cue = this.track.cues[indexAt(this.cueStarts, ms)];
    return cue && cue.start <= ms && cue.start >= interval.start && ms < cue.end + CUE_MS ? cue.text : "";
  }

  set(id, value, change) {
    if (this.shown[id] === value) return;
    this.shown[id] = value;
    change(this.nodes[id], value);
  }

  drawStrip() {
    const { strip } = this.nodes, { intervals, duration } = this.track;
    strip.setAttribute("viewBox", "0 0 " + duration + " 1");
    const bar = (start, length, kind) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x: start, width: length, height: 1, class: kind })) rect.setAttribute(name, value);
      return strip.appendChild(rect);
    };
    if (intervals.length <= MAX_BARS) for (const each of intervals) bar(each.start, each.end - each.start, each.kind);
    this.toCome = bar(0, duration, "to-come");
  }

  listChapters() {
    for (const chapter of this.track.chapters) {
      const button = document.createElement("button"), time = document.createElement("small");
      button.type = "button";
      button.dir = "auto";
      button.value = chapter.start;
      time.textContent = clock(chapter.start);
      button.append(chapter.title, time);
      this.nodes.chapters.appendChild(document.createElement("li")).append(button);
    }
  }
}
