// One case by xlsx-populate. Called with the folder of node_modules; the job comes on standard input.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/");
const XlsxPopulate = require("xlsx-populate");
const job = JSON.parse(readFileSync(0, "utf8"));

const book = job.source
  ? await XlsxPopulate.fromFileAsync(job.source)
  : await XlsxPopulate.fromBlankAsync();

function put(cell, value) {
  if (value === null || typeof value !== "object") cell.value(value ?? undefined);
  else if ("date" in value) cell.value(new Date(value.date));
  else if ("rich" in value) {
    const text = new XlsxPopulate.RichText();
    value.rich.forEach((part, index) => text.add(part, { bold: index % 2 === 1 }));
    cell.value(text);
  } else if ("formula" in value) cell.formula(value.formula);
  else cell.value(value.number);
  if (value?.format) cell.style("numberFormat", value.format);
}

const verbs = {
  set({ sheet, cells }) {
    for (const [ref, value] of Object.entries(cells)) put(book.sheet(sheet).cell(ref), value);
  },
  add: ({ sheet }) => book.addSheet(sheet),
  merge: ({ sheet, areas }) => areas.forEach((area) => book.sheet(sheet).range(area).merged(true)),
  rename: ({ sheet, to }) => book.sheet(sheet).name(to),
  state: ({ sheet, to }) => book.sheet(sheet).hidden(to !== "visible"),
  remove: ({ sheet }) => book.deleteSheet(sheet),
  move: ({ sheet, to }) => book.moveSheet(sheet, to),
};

for (const step of job.steps) verbs[step.do](step);
await book.toFileAsync(job.target);
