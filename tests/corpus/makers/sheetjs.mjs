// One case by SheetJS. Called with the folder of node_modules; the job comes on standard input.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/");
const XLSX = require("xlsx");
const job = JSON.parse(readFileSync(0, "utf8"));

const cellDates = job.steps.some((step) => step.do === "iso_dates");
const book = job.source
  ? XLSX.readFile(job.source, { cellFormula: true, cellNF: true, cellDates })
  : XLSX.utils.book_new();

function cellOf(value) {
  if (typeof value === "string") return { t: "s", v: value };
  if (typeof value === "number") return { t: "n", v: value };
  if (typeof value === "boolean") return { t: "b", v: value };
  const format = value.format ? { z: value.format } : {};
  if ("date" in value) return { t: "d", v: new Date(value.date), ...format };
  if ("error" in value) return { t: "e", v: 42, w: value.error };
  if ("formula" in value) return { t: "n", f: value.formula, v: value.result, ...format };
  return { t: "n", v: value.number, ...format };
}

const verbs = {
  set({ sheet, cells }) {
    const target = book.Sheets[sheet];
    for (const [ref, value] of Object.entries(cells)) {
      if (value === null) delete target[ref];
      else target[ref] = cellOf(value);
      const area = XLSX.utils.decode_range(target["!ref"] ?? ref);
      const place = XLSX.utils.decode_cell(ref);
      area.e = { r: Math.max(area.e.r, place.r), c: Math.max(area.e.c, place.c) };
      area.s = { r: Math.min(area.s.r, place.r), c: Math.min(area.s.c, place.c) };
      target["!ref"] = XLSX.utils.encode_range(area);
    }
  },
  add: ({ sheet }) => XLSX.utils.book_append_sheet(book, {}, sheet),
  merge({ sheet, areas }) {
    book.Sheets[sheet]["!merges"] = areas.map(XLSX.utils.decode_range);
  },
  iso_dates() {},
};

for (const step of job.steps) verbs[step.do](step);
// What a sheet does not use of its range would be written cell by cell.
for (const sheet of Object.values(book.Sheets)) {
  const used = Object.keys(sheet).filter((ref) => ref[0] !== "!" && sheet[ref].t !== "z");
  for (const ref of Object.keys(sheet)) if (sheet[ref]?.t === "z") delete sheet[ref];
  const rows = used.map((ref) => XLSX.utils.decode_cell(ref));
  const last = (key) => Math.max(0, ...rows.map((place) => place[key]));
  sheet["!ref"] = XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: last("r"), c: last("c") } });
}
XLSX.writeFile(book, job.target, { compression: true, bookSST: false, cellDates });
