// Asks the YAML language server about files: `node ask.mjs SERVER FILE...`. The cursor stands at a `│`, which is left out.
// Prints a list with the completions there (label and text) and the marks of each file.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [server, ...files] = process.argv.slice(2);
const process_ = spawn("node", [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const answers = new Map();
const marks = new Map();
let received = Buffer.alloc(0);
let last = 0;

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  process_.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function ask(method, params) {
  const id = ++last;
  send({ id, method, params });
  return new Promise((resolve) => answers.set(id, resolve));
}

function take(message) {
  if (message.id !== undefined && message.method === undefined) answers.get(message.id)(message.result);
  else if (message.method === "textDocument/publishDiagnostics")
    marks.get(message.params.uri)?.(message.params.diagnostics);
  else if (message.method === "workspace/configuration") {
    const yaml = { completion: true, validate: true, schemaStore: { enable: false } };
    send({ id: message.id, result: message.params.items.map((item) => (item.section === "yaml" ? yaml : {})) });
  } else if (message.id !== undefined) send({ id: message.id, result: null });
}

process_.stdout.on("data", (data) => {
  received = Buffer.concat([received, data]);
  for (;;) {
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const size = Number(/Content-Length: (\d+)/.exec(received.subarray(0, end))[1]);
    if (received.length < end + 4 + size) return;
    const message = JSON.parse(received.subarray(end + 4, end + 4 + size));
    received = received.subarray(end + 4 + size);
    take(message);
  }
});

const snippets = { completionItem: { snippetSupport: true } };
const capabilities = { textDocument: { completion: snippets }, workspace: { configuration: true } };
await ask("initialize", { processId: process.pid, rootUri: null, capabilities });
send({ method: "initialized", params: {} });
const found = [];
for (const file of files) {
  const uri = pathToFileURL(file).href;
  const [before, after = ""] = readFileSync(file, "utf8").split("│");
  const lines = before.split("\n");
  const position = { line: lines.length - 1, character: lines.at(-1).length };
  const marked = new Promise((resolve) => marks.set(uri, resolve));
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "yaml", version: 1, text: before + after } },
  });
  const diagnostics = await marked;
  const items = (await ask("textDocument/completion", { textDocument: { uri }, position })).items;
  found.push({
    completions: Object.fromEntries(items.map((item) => [item.label, item.textEdit?.newText ?? item.insertText])),
    marks: diagnostics.map((mark) => `${mark.range.start.line + 1}: ${mark.message}`),
  });
}
console.log(JSON.stringify(found));
process.exit(0);
