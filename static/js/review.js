// Review lists: a refused act still answers with its row, which is shown; ticks are counted; the keyboard stays in place.
const REFUSED = [403, 409, 422];

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const detail = event.detail;
  const isRow = detail.target && detail.target.hasAttribute("data-review-row");
  if (isRow && REFUSED.includes(detail.xhr.status) && detail.xhr.responseText.includes("data-review-row")) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// After a row has come back: into its form when it has one, else on to the next row.
document.body.addEventListener("htmx:afterSettle", (event) => {
  const row = event.detail.elt && event.detail.elt.closest("[data-review-row]");
  if (!row) return;
  const field = row.querySelector("[aria-invalid=true], .review-form input[name=points]");
  const rows = [...document.querySelectorAll("[data-review-row]")];
  (field || (row.querySelector("[role=alert]") ? row : rows[rows.indexOf(row) + 1]) || row).focus();
  count();
});

function ticks(form) {
  return [...document.querySelectorAll(`input[name=item][form="${form}"]`)];
}

function count() {
  for (const button of document.querySelectorAll("[data-ticked]")) {
    const chosen = ticks(button.dataset.ticked).filter((tick) => tick.checked).length;
    button.querySelector("[data-ticked-count]").textContent = chosen ? `（${chosen}）` : "";
    button.disabled = !chosen;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    for (const tick of ticks(event.target.dataset.tickAll)) tick.checked = event.target.checked;
  }
  if (event.target.matches("[data-tick-all], input[name=item]")) count();
});

count();
