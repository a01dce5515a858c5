// The page of the collection: says which tracks are kept for offline.

async function markKept() {
  if (!canKeep() || !(await startWorker())) return;
  const { tracks, words } = JSON.parse(document.getElementById("collection").textContent);
  const kept = new Set((await (await caches.open(KEPT)).keys()).map((each) => each.url));
  tracks.forEach((file, i) => {
    if (!kept.has(new URL(file, location.href).href)) return;
    const mark = document.createElement("span");
    mark.className = "kept";
    mark.textContent = " · " + words.kept_short;
    document.querySelectorAll(".tracks small")[i].append(mark);
  });
}

markKept();
