// The page of the collection: marks the tracks that are stored for offline.

async function markStored() {
  if (!canStore() || !(await startWorker())) return;
  const { tracks, words } = JSON.parse(document.getElementById("collection").textContent);
  const urls = new Set((await (await caches.open(STORED)).keys()).map((each) => each.url));
  tracks.forEach((file, i) => {
    if (!urls.has(new URL(file, location.href).href)) return;
    const mark = document.createElement("span");
    mark.className = "stored";
    mark.textContent = " · " + words.stored;
    document.querySelectorAll(".tracks small")[i].append(mark);
  });
}

markStored();
