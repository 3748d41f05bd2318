// Review lists: a refused act still answers with its row; after an act the keyboard goes on, counts follow, one form is open.
import { toast } from "./toast.js";

const REFUSED = [403, 409, 422];
let statusBefore = "";

function rowsOfPage() {
  return [...document.querySelectorAll("[data-review-row]")];
}

function openForms() {
  return [...document.querySelectorAll("[data-review-row] .review-form")];
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const detail = event.detail;
  const isRow = detail.target && detail.target.hasAttribute("data-review-row");
  if (!isRow) return;
  statusBefore = detail.target.dataset.status;
  if (REFUSED.includes(detail.xhr.status) && detail.xhr.responseText.includes("data-review-row")) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// One form at a time: an empty one closes, in a filled one the reviewer is asked to finish first.
function isFilled(form) {
  return [...form.querySelectorAll("input[name=points], textarea")].some((field) => field.value.trim()) || Boolean(form.querySelector("[name=phrase]:checked"));
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.target;
  if (!link.matches || !link.matches("[data-review-row] a[data-key]")) return;
  for (const form of openForms()) {
    if (isFilled(form)) {
      event.preventDefault();
      toast("请先办完或取消打开的那一项。", true);
      form.querySelector("input:not([type=hidden]), textarea").focus();
      return;
    }
    form.querySelector("[data-review-cancel]").click();
  }
});

// After a row has come back: into its form, else on to the next row once it is done, else it stays.
function goOn(row) {
  const field = row.querySelector("[aria-invalid=true], .review-form [name=points], .review-form [name=phrase], .review-form textarea");
  if (field) return field;
  const others = openForms();
  if (others.length) return others[0].querySelector("[name=points], [name=phrase], textarea");
  const rows = rowsOfPage();
  return row.dataset.settled === "done" ? rows[rows.indexOf(row) + 1] || row : row;
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const row = event.detail.elt && event.detail.elt.closest("[data-review-row]");
  if (!row) return;
  goOn(row).focus();
  follow(row);
  count();
});

function follow(row) {
  const step = (row.dataset.status === "waiting") - (statusBefore === "waiting");
  for (const key of ["waiting", row.dataset.why]) {
    const shown = step && document.querySelector(`[data-why-count="${key}"]`);
    if (shown) shown.textContent = Math.max(0, Number(shown.textContent) + step);
  }
  statusBefore = row.dataset.status;
}

// In a form that offers ready-made reasons a digit chooses one, Ctrl+Enter sends, Escape puts the form away.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest(".review-form") || (event.key === "Escape" && openForms()[0]);
  if (!form || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape") {
    const cancel = form.querySelector("[data-review-cancel]");
    if (cancel) cancel.click();
  } else if (event.key === "Enter" && event.ctrlKey) {
    form.querySelector("button[name=outcome]").click();
  } else if (/^[1-9]$/.test(event.key) && event.target.matches("[name=phrase]")) {
    const chosen = form.querySelectorAll("[name=phrase]")[Number(event.key) - 1];
    if (!chosen) return;
    chosen.checked = true;
    chosen.focus();
    event.preventDefault();
  }
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
