// One case by exceljs. Called with the folder of node_modules; the job comes on standard input.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/");
const ExcelJS = require("exceljs");
const job = JSON.parse(readFileSync(0, "utf8"));

const book = new ExcelJS.Workbook();
if (job.source) await book.xlsx.readFile(job.source);

function put(cell, value) {
  if (value === null || typeof value !== "object") cell.value = value;
  else if ("date" in value) cell.value = new Date(value.date + "Z");
  else if ("rich" in value) cell.value = { richText: value.rich.map((text) => ({ text })) };
  else if ("error" in value) cell.value = { error: value.error };
  else if ("formula" in value) cell.value = { formula: value.formula, result: value.result };
  else cell.value = value.number;
  if (value?.format) cell.numFmt = value.format;
}

const verbs = {
  set({ sheet, cells }) {
    for (const [ref, value] of Object.entries(cells)) put(book.getWorksheet(sheet).getCell(ref), value);
  },
  add: ({ sheet }) => book.addWorksheet(sheet),
  merge: ({ sheet, areas }) => areas.forEach((area) => book.getWorksheet(sheet).mergeCells(area)),
  insert_rows({ sheet, at, count = 1 }) {
    book.getWorksheet(sheet).insertRows(at, Array(count).fill([]));
  },
  rename({ sheet, to }) {
    book.getWorksheet(sheet).name = to;
  },
  state({ sheet, to }) {
    book.getWorksheet(sheet).state = to;
  },
  remove: ({ sheet }) => book.removeWorksheet(sheet),
};

for (const step of job.steps) verbs[step.do](step);
await book.xlsx.writeFile(job.target);
