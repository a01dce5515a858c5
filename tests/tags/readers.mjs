// What music-metadata and jsmediatags read from the MP3 that is the second argument, as JSON. They are in the folder
// that is the first.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const require = createRequire(pathToFileURL(folder + "/"));

const { parseFile } = await import(pathToFileURL(require.resolve("music-metadata")));
const { common, format } = await parseFile(file, { includeChapters: true });
const ms = (seconds) => Math.round(seconds * 1000);
const musicMetadata = {
  title: common.title,
  chapters: format.chapters.map((chapter) => [ms(chapter.start), ms(chapter.end), chapter.title]),
  words: common.lyrics.find((each) => each.text).text,
  times: common.lyrics.find((each) => each.syncText).syncText.map((line) => line.timestamp),
};

const { Reader } = require("jsmediatags");
const { tags } = await new Promise((onSuccess, onError) => new Reader(file).read({ onSuccess, onError }));
const jsmediatags = {
  title: tags.title,
  chapters: tags.CHAP.map(({ data }) => [data.startTime, data.endTime, data.subFrames.TIT2.data]),
  words: tags.lyrics.lyrics,
};

console.log(JSON.stringify({ musicMetadata, jsmediatags }));
