// The page of a track: makes the parts and joins them.

function main() {
  const track = JSON.parse(document.getElementById("track").textContent);
  const by = (id) => document.getElementById(id);
  const view = new View(track), awake = new Awake();
  let frame = 0, session = null;

  const draw = () => {
    view.show(player.ms, player.playing, player.ended);
    session?.update();
  };
  const run = () => {
    view.show(player.ms, player.playing, player.ended);
    frame = player.playing && !document.hidden ? requestAnimationFrame(run) : 0;
  };
  const changed = () => {
    draw();
    awake.update(player.playing);
    if (!frame) frame = requestAnimationFrame(run);
  };
  const player = new Player(track, () => changed());
  session = new Session(track, player);
  player.audio.addEventListener("timeupdate", draw); // four times a second, also while the screen is off
  document.addEventListener("visibilitychange", changed);

  const actions = { back: () => player.back(), play: () => player.toggle(), skip: () => player.skip(), repeat: () => player.repeat() };
  for (const [id, action] of Object.entries(actions)) {
    by(id).disabled = false;
    by(id).addEventListener("click", action);
  }
  by("ring").addEventListener("click", actions.play);
  by("position").disabled = false;
  by("position").addEventListener("input", (event) => player.seek(Number(event.target.value) * 1000));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const on = event.target.closest("button, a, input");
    const key = { " ": on ? null : "play", ArrowLeft: "back", ArrowRight: "skip", r: "repeat", R: "repeat" }[event.key];
    if (!key || (on?.tagName === "INPUT" && key !== "repeat")) return;
    event.preventDefault();
    actions[key]();
  });

  // Where nothing can be kept for offline, what helps is the file itself: then its button comes first.
  by("save-first").hidden = canKeep();
  by("save").hidden = !canKeep();
  draw();
  if (!navigator.connection?.saveData) loadExact(track.file).then((url) => player.offer(url));
  new Offline(track, by("keep")).start();
}

main();
