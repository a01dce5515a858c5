// Times are in milliseconds, as in the page's data.

// The index of the last of these starts that is not after `ms`; 0 if there is none.
function indexAt(starts, ms) {
  let low = 0, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= ms) low = middle; else high = middle - 1;
  }
  return low;
}

// 42, 1:05, 1:02:30: seconds rounded up, so that a countdown shows 1 until its end.
function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return seconds < 60 ? String(seconds) : clock(seconds * 1000);
}

// 0:42, 1:05, 1:02:30
function clock(ms) {
  const seconds = Math.floor(ms / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  const two = (n) => String(n).padStart(2, "0");
  return (hours ? hours + ":" + two(minutes % 60) : String(minutes)) + ":" + two(seconds % 60);
}

// The text with its {fields} filled in.
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
