// A grid of controls, [data-cell-grid]: arrows up and down and Enter go to the same column of the next line; a block of
// cells copied from WPS or Excel is spread from the cell it is pasted into; what came back refused has the focus. Enter
// never sends from a cell. Without scripts the page has a field for the block.

for (const form of document.querySelectorAll("[data-cell-grid]")) {
  const lines = Array.from(form.querySelectorAll("tbody tr"), (line) => Array.from(line.querySelectorAll("td input, td select")));

  const placeOf = (control) => {
    const line = lines.findIndex((controls) => controls.includes(control));
    return line < 0 ? null : { line, column: lines[line].indexOf(control) };
  };

  const go = (event, control, step) => {
    const place = placeOf(control);
    const next = place && lines[place.line + step] && lines[place.line + step][place.column];
    if (place && event.key === "Enter") event.preventDefault();
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.select) next.select();
  };

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const isList = event.target.tagName === "SELECT";
    if (event.key === "Enter") go(event, event.target, event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowDown" && !isList) go(event, event.target, 1);
    else if (event.key === "ArrowUp" && !isList) go(event, event.target, -1);
  });

  const refused = form.querySelector('[aria-invalid="true"]');
  if (refused) refused.focus();

  const fill = (control, text) => {
    if (control.tagName !== "SELECT") {
      control.value = text;
      return;
    }
    const wanted = text.replace(/\s+/g, "");
    const option = Array.from(control.options).find((one) => [one.value, one.text].some((said) => said.replace(/\s+/g, "") === wanted));
    if (option) control.value = option.value;
  };

  form.addEventListener("paste", (event) => {
    const place = placeOf(event.target);
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!place || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    text.split("\n").forEach((row, down) => {
      row.split("\t").forEach((cell, right) => {
        const control = (lines[place.line + down] || [])[place.column + right];
        if (control) fill(control, cell.trim());
      });
    });
  });
}
