// The page of a track: creates the parts and connects them.

function main() {
  const track = JSON.parse(document.getElementById("track").textContent);
  const node = (id) => document.getElementById(id);
  const view = new View(track), wakeLock = new WakeLock();
  let frame = 0;

  const draw = () => {
    view.show(player);
    session.update();
  };
  const animate = () => {
    view.show(player);
    frame = player.playing && !document.hidden ? requestAnimationFrame(animate) : 0;
  };
  const changed = () => {
    draw();
    wakeLock.update(player.playing);
    if (!frame) frame = requestAnimationFrame(animate);
  };
  const player = new Player(track, changed), session = new Session(track, player);
  player.audio.addEventListener("timeupdate", draw); // four times a second, also while the screen is off
  player.audio.addEventListener("playing", () => { if (canStore()) startWorker(); }, { once: true });
  document.addEventListener("visibilitychange", changed);

  const actions = {
    back: () => player.back(),
    play: () => player.toggle(),
    skip: () => player.skip(),
    repeat: () => player.repeat(),
    speed: () => player.changeSpeed(),
    open: () => node("list").showModal(),
  };
  for (const [id, action] of Object.entries(actions)) {
    node(id).disabled = false;
    node(id).addEventListener("click", action);
  }
  node("ring").addEventListener("click", actions.play);
  node("message").addEventListener("click", actions.play);
  node("list").addEventListener("click", (event) => {
    const button = event.target.closest("button[value]");
    if (button) player.seek(Number(button.value));
    if (button || event.target === node("list")) node("list").close(); // its backdrop, too
  });
  node("position").disabled = false;
  node("position").addEventListener("input", (event) => player.seek(Number(event.target.value) * 1000));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || node("list").open) return;
    const focused = event.target.closest("button, a, input");
    const name = { " ": focused ? null : "play", ArrowLeft: "back", ArrowRight: "skip", r: "repeat", R: "repeat" }[event.key];
    if (!name || (focused?.tagName === "INPUT" && name !== "repeat")) return;
    event.preventDefault();
    actions[name]();
  });
  draw();
  new Offline(track, node("store")).start();
}

main();
