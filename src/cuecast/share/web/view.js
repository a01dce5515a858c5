// What is seen: the ring, the words, how far it is. Texts are only ever set as text.

const SIGNS = { play: "M8 5v14l11-7z", pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" };
const ARROWS = { left: "←", right: "→" };
const MOST_IN_STRIP = 600;
const LINGER_MS = 6000; // how long words stay after they were said

class View {
  constructor(track) {
    this.track = track;
    this.words = track.words;
    this.starts = track.intervals.map((each) => each.start);
    this.cueStarts = track.cues.map((each) => each.start);
    this.shown = {};
    this.at = {};
    for (const id of ["stage", "label", "exercise", "side", "arc", "left", "cue", "next", "strip", "position", "done", "play", "sign", "spoken"]) {
      this.at[id] = document.getElementById(id);
    }
    this.drawStrip();
  }

  // Everything, as it is at a moment. What has not changed since is left alone.
  show(ms, playing, ended) {
    const index = indexAt(this.starts, ms), interval = this.track.intervals[index];
    const left = interval.end - ms;
    this.set("arc", Math.round(1000 - (1000 * Math.max(0, left)) / Math.max(1, interval.end - interval.start)), (node, value) => node.setAttribute("stroke-dashoffset", value));
    this.set("left", ended ? "✓" : countdown(left), (node, value) => {
      node.textContent = value;
      node.dataset.size = value.length;
    });
    this.set("done", clock(ms), (node, value) => {
      node.textContent = value;
      this.at.position.value = Math.floor(ms / 1000);
      this.played.setAttribute("x", ms);
    });
    this.set("cue", this.cueAt(ms, interval), (node, value) => {
      write(node, value);
      node.toggleAttribute("data-long", value.length > 80);
    });
    this.set("play", playing, (node, value) => {
      node.setAttribute("aria-label", value ? this.words.pause : this.words.play);
      this.at.sign.setAttribute("d", value ? SIGNS.pause : SIGNS.play);
    });
    this.set("stage", index + (ended ? "e" : ""), () => this.showInterval(index, interval, ended));
  }

  showInterval(index, interval, ended) {
    const at = this.at, words = this.words;
    at.stage.dataset.kind = ended ? "close" : interval.kind;
    const name = ended ? words.done : interval.exercise || words.titles[interval.kind] || this.track.title;
    const round = interval.rounds > 1 ? filled(words.round, interval) : "";
    write(at.label, [words.labels[interval.kind], round].filter(Boolean).join(" · "));
    write(at.exercise, name);
    if (name.length > 60) at.exercise.dataset.long = "2";
    else if (name.length > 16) at.exercise.dataset.long = "1";
    else delete at.exercise.dataset.long;
    const side = ended ? "" : words.sides[interval.side] || "";
    at.side.hidden = !side;
    write(at.side, interval.side === "left" ? ARROWS.left + " " + side : interval.side === "right" ? side + " " + ARROWS.right : side);
    const coming = this.coming(index, interval);
    write(at.next, coming && !ended ? filled(words.next, { name: coming }) : "");
    at.position.setAttribute("aria-valuetext", [clock(interval.start), name, side].filter(Boolean).join(", "));
    write(at.spoken, [words.labels[interval.kind], name, side, round].filter(Boolean).join(", "));
  }

  // What the next work is; for a gap, whose own work is shown already, the one after that.
  coming(index, interval) {
    const intervals = this.track.intervals, named = (each) => [each.exercise, this.words.sides[each.side]].filter(Boolean).join(", ");
    const isWork = (each) => each.kind === "work" || each.kind === "chapter";
    let from = index + 1;
    if (interval.exercise && !isWork(interval)) from += 1;
    const found = intervals.slice(from).find((each) => isWork(each) && each.exercise);
    if (found) return named(found);
    return intervals.slice(from).some((each) => each.kind === "close") ? this.words.finish : "";
  }

  // The words that were said last in this interval, for a while.
  cueAt(ms, interval) {
    if (!this.cueStarts.length) return "";
    const cue = this.track.cues[indexAt(this.cueStarts, ms)];
    return cue.start <= ms && cue.start >= interval.start && ms < cue.end + LINGER_MS ? cue.text : "";
  }

  set(name, value, change) {
    if (this.shown[name] === value) return;
    this.shown[name] = value;
    change(this.at[name], value);
  }

  drawStrip() {
    const { strip } = this.at, { intervals, duration } = this.track;
    strip.setAttribute("viewBox", "0 0 " + duration + " 1");
    const bar = (start, kind) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("x", start);
      rect.setAttribute("height", 1);
      rect.setAttribute("class", kind);
      return strip.appendChild(rect);
    };
    if (intervals.length <= MOST_IN_STRIP) {
      for (const each of intervals) bar(each.start, each.kind).setAttribute("width", each.end - each.start);
    }
    this.played = bar(0, "to-come");
    this.played.setAttribute("width", duration);
  }
}

function write(node, words) {
  node.textContent = words;
}
