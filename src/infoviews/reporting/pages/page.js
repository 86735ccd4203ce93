// Sort a table by the column whose heading was pressed: numbers by their first number, absent values last.
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.parentElement;
    const column = heading.cellIndex;
    const up = heading.getAttribute("aria-sort") !== "ascending";
    const body = heading.closest("table").tBodies[0];
    const key = (row) => row.cells[column].textContent.trim();
    const number = (text) => Number.parseFloat(text.replaceAll(",", ""));
    const numeric = body.rows[0]?.cells[column].className === "number";
    const absent = (text) => text === "" || text === "–" || (numeric && Number.isNaN(number(text)));
    const compare = (a, b) => (numeric ? number(a) - number(b) : a.localeCompare(b, "en", { numeric: true }));
    const rows = [...body.rows].sort((first, second) => {
      const [a, b] = [key(first), key(second)];
      if (absent(a) || absent(b)) return absent(a) - absent(b);
      return up ? compare(a, b) : compare(b, a);
    });
    for (const other of heading.parentElement.cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...rows);
  });
}

// Unpack the plotting library, then let the plot that answers to the pointer take the still picture's place.
async function draw() {
  const packed = document.getElementById("library").textContent;
  const bytes = await (await fetch(`data:application/gzip;base64,${packed}`)).blob();
  const script = document.createElement("script");
  script.textContent = await new Response(bytes.stream().pipeThrough(new DecompressionStream("gzip"))).text();
  document.head.append(script);
  document.getElementById("still").remove();
  await Bokeh.embed.embed_item(JSON.parse(document.getElementById("curve-data").textContent));
}
draw();
