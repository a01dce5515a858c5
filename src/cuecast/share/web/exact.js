// Seeking to the exact place. Browsers find a moment in an MP3 of variable bit rate by guess: Chromium is up to 1.5 s off
// in eight minutes, and the more the longer the track, while its clock claims the moment that was asked for. So once the
// track has been loaded, its frames, untouched, get the index of an MP4 in front, which browsers follow to the sample.

const MOST_LOADED = 96 << 20; // a track of some ten hours
const KBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]; // MPEG-1, layer III
const RATES = [44100, 48000, 32000];
const FRAME_SAMPLES = 1152;
const DECODER_DELAY = 529;
const CHUNK = 64; // frames
const NAMES = ["mp3", "mp4a.69", "mp4a.6b", "mp4a.40.34"]; // what browsers call MP3 in an MP4: not one knows them all

// The track as something to play from; null where it can't be loaded or is not of the kind that we make.
async function loadExact(url) {
  const audio = document.createElement("audio");
  if (!NAMES.some((name) => audio.canPlayType('audio/mp4; codecs="' + name + '"'))) return null;
  try {
    const answer = await fetch(url);
    if (!answer.ok || Number(answer.headers.get("Content-Length")) > MOST_LOADED) return null;
    const data = new Uint8Array(await answer.arrayBuffer());
    const frames = framesOf(data);
    return frames && URL.createObjectURL(new Blob([movie(frames, data.length), data], { type: "audio/mp4" }));
  } catch {
    return null; // from a disk, or the network has gone: the plain file will do
  }
}

// The sizes of the frames, where they begin, and what a gapless player trims; null for anything unexpected.
function framesOf(data) {
  let at = 0;
  if (data[0] === 0x49 && data[1] === 0x44 && data[2] === 0x33) {
    at = 10 + ((data[6] << 21) | (data[7] << 14) | (data[8] << 7) | data[9]) + (data[5] & 0x10 ? 10 : 0);
  }
  const sizes = [];
  let rate = 0, channels = 0, start = at, delay = 0, padding = 0;
  while (at + 4 <= data.length && data[at] === 0xff && (data[at + 1] & 0xfe) === 0xfa) {
    const kbits = KBITS[data[at + 2] >> 4], hertz = RATES[(data[at + 2] >> 2) & 3];
    if (!kbits || !hertz || (rate && hertz !== rate)) return null;
    const size = Math.floor((144000 * kbits) / hertz) + ((data[at + 2] >> 1) & 1);
    const mono = data[at + 3] >> 6 === 3;
    if (!rate) {
      rate = hertz;
      channels = mono ? 1 : 2;
      const header = at + (mono ? 21 : 36), name = String.fromCharCode(...data.subarray(header, header + 4));
      if (name === "Xing" || name === "Info") { // no sound of its own
        if (data[header + 7] === 15) {
          const trims = header + 120 + 21;
          delay = (data[trims] << 4) | (data[trims + 1] >> 4);
          padding = ((data[trims + 1] & 15) << 8) | data[trims + 2];
        }
        at += size;
        start = at;
        continue;
      }
    }
    if (at + size > data.length) break;
    sizes.push(size);
    at += size;
  }
  const whole = at >= data.length || (data[at] === 0x54 && data[at + 1] === 0x41 && data[at + 2] === 0x47); // "TAG": ID3v1
  return whole && sizes.length && delay ? { sizes, rate, channels, start, delay, padding } : null;
}

// The head of an MP4 whose sound is the MP3 behind it, `length` bytes long.
function movie({ sizes, rate, channels, start, delay, padding }, length) {
  const skipped = delay + DECODER_DELAY, all = sizes.length * FRAME_SAMPLES;
  const heard = all - delay - padding;
  const chunks = Math.ceil(sizes.length / CHUNK), last = sizes.length - (chunks - 1) * CHUNK;
  const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const head = (offset) => {
    let place = offset + start;
    const places = [];
    for (let i = 0; i < sizes.length; i++) {
      if (i % CHUNK === 0) places.push(place);
      place += sizes[i];
    }
    const runs = chunks > 1 && last !== CHUNK ? u32(2, 1, CHUNK, 1, chunks, last, 1) : u32(1, 1, chunks > 1 ? CHUNK : last, 1);
    const decoder = [4, 13, 0x6b, 0x15, 0, 0, 0, ...u32(0, 0)];
    const stream = [3, 3 + decoder.length + 3, 0, 1, 0, ...decoder, 6, 1, 2];
    const sound = [0, 0, 0, 0, 0, 0, 0, 1, ...u32(0, 0), 0, channels, 0, 16, 0, 0, 0, 0, ...u32(rate * 65536), ...box("esds", u32(0), stream)];
    const table = box("stbl",
      box("stsd", u32(0, 1), box("mp4a", sound)),
      box("stts", u32(0, 1, sizes.length, FRAME_SAMPLES)),
      box("stsc", u32(0), runs),
      box("stsz", u32(0, 0, sizes.length), numbers(sizes)),
      box("stco", u32(0, places.length), numbers(places)));
    const media = box("mdia",
      box("mdhd", u32(0, 0, 0, rate, all), [0x55, 0xc4, 0, 0]),
      box("hdlr", u32(0, 0), text("soun"), u32(0, 0, 0), [0]),
      box("minf", box("smhd", u32(0, 0)), box("dinf", box("dref", u32(0, 1), box("url ", u32(1)))), table));
    const track = box("trak",
      box("tkhd", u32(3, 0, 0, 1, 0, heard, 0, 0), [0, 0, 0, 0, 1, 0, 0, 0], matrix, u32(0, 0)),
      box("edts", box("elst", u32(0, 1, heard, skipped, 0x10000))),
      media);
    return join([
      box("ftyp", text("isom"), u32(512), text("isommp41")),
      box("moov", box("mvhd", u32(0, 0, 0, rate, heard, 0x10000), [1, 0, 0, 0], u32(0, 0), matrix, u32(0, 0, 0, 0, 0, 0, 2)), track),
      u32(length + 8), text("mdat")]);
  };
  return head(head(0).length); // offsets count from the file's first byte, and do not change how long the head is
}

function box(name, ...parts) {
  const inside = join(parts);
  return join([u32(inside.length + 8), text(name), inside]);
}

function numbers(list) {
  const bytes = new Uint8Array(list.length * 4), view = new DataView(bytes.buffer);
  list.forEach((number, i) => view.setUint32(i * 4, number));
  return bytes;
}

function u32(...list) {
  return numbers(list);
}

function text(letters) {
  return Array.from(letters, (letter) => letter.charCodeAt(0));
}

function join(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
