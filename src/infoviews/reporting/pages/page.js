// Sort a table by the column whose heading was pressed: numbers by their first number, absent values last.
const text = (cell) => cell.textContent.trim();
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.parentElement;
    const column = heading.cellIndex;
    const up = heading.getAttribute("aria-sort") !== "ascending";
    const body = heading.closest("table").tBodies[0];
    const number = (value) => Number.parseFloat(value.replaceAll(",", ""));
    const numeric = heading.className === "number";
    const absent = (value) => value === "" || value === "–" || (numeric && Number.isNaN(number(value)));
    const compare = (a, b) => (numeric ? number(a) - number(b) : a.localeCompare(b, "en", { numeric: true }));
    const rows = [...body.rows].sort((first, second) => {
      const [a, b] = [text(first.cells[column]), text(second.cells[column])];
      if (absent(a) || absent(b)) return absent(a) - absent(b);
      return up ? compare(a, b) : compare(b, a);
    });
    for (const other of heading.parentElement.cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...rows);
  });
}

// A table as CSV, made from what is shown; a value with its interval becomes three columns.
function csv(table) {
  const [head, ...rows] = [...table.rows].map((row) => [...row.cells].map(text));
  const parts = (cell) => cell.match(/^(\S+) \[(\S+), (\S+)\]$/)?.slice(1);
  const ranged = head.map((_, i) => rows.some((row) => parts(row[i])));
  const wide = (row, fill) => row.flatMap((cell, i) => (ranged[i] ? fill(cell) : [cell]));
  const lines = [wide(head, (name) => [name, `${name} low`, `${name} high`])];
  lines.push(...rows.map((row) => wide(row, (cell) => parts(cell) ?? [cell, "", ""])));
  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return lines.map((line) => line.map(quoted).join(",") + "\n").join("");
}
for (const link of document.querySelectorAll("a.csv")) {
  link.addEventListener("click", () => {
    const table = link.closest(".table").querySelector("table");
    link.download = `${link.closest("section, [id]").id}.csv`;
    link.href = URL.createObjectURL(new Blob([csv(table)], { type: "text/csv" }));
  });
}

// What a marker is, at the pointer, the finger or the focus: its title, which browsers show late and touch screens never.
const tip = document.getElementById("tip");
const marks = [...document.querySelectorAll("figure svg title")].map((title) => {
  const mark = title.parentElement;
  mark.dataset.tip = title.textContent;
  mark.setAttribute("tabindex", 0);
  mark.setAttribute("aria-label", title.textContent);
  mark.addEventListener("focus", () => show(mark));
  mark.addEventListener("blur", hide);
  title.remove();
  return mark;
});
function show(mark) {
  const box = mark.getBoundingClientRect();
  tip.textContent = mark.dataset.tip;
  tip.hidden = false;
  const left = Math.min(box.right + 8, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  tip.style.top = `${Math.max(8, box.top - tip.offsetHeight - 8) + scrollY}px`;
}
function hide() { tip.hidden = true; }
for (const svg of document.querySelectorAll("figure svg")) {
  const own = marks.filter((mark) => svg.contains(mark));
  const near = (event) => {
    let [nearest, least] = [null, 24];
    for (const mark of own) {
      const box = mark.getBoundingClientRect();
      const reach = [event.clientX < box.left ? box.left - event.clientX : Math.max(0, event.clientX - box.right),
        event.clientY < box.top ? box.top - event.clientY : Math.max(0, event.clientY - box.bottom)];
      const distance = Math.hypot(...reach);
      if (distance < least) [nearest, least] = [mark, distance];
    }
    if (nearest) show(nearest); else hide();
  };
  svg.addEventListener("pointermove", near);
  svg.addEventListener("pointerdown", near);
  svg.addEventListener("pointerleave", hide);
}

// Paper cannot be opened: what is folded is, for as long as it takes to print; long tables stay short.
const folded = () => document.querySelectorAll("details:not([open], .rest)");
let opened = [];
addEventListener("beforeprint", () => { opened = [...folded()]; for (const part of opened) part.open = true; });
addEventListener("afterprint", () => { for (const part of opened) part.open = false; });
