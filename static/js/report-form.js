// The report form: rows that save themselves (report-row.js), running sums, Enter from field to field, sending.
// Without it the same page is one form with 保存草稿 and 报送.
import { Row, withOthers } from "./report-row.js";
import { toast } from "./toast.js";

const LOOK = 20000; // ask who else is writing
const AT_ONCE = 5000;
const PRESENCE = 300000; // and stop asking when nobody touches the page
const form = document.querySelector("form[data-report]");
const rows = [...form.querySelectorAll("[data-item]")].map((element) => new Row(element, form, sums));

// -- running sums

const filled = form.querySelector("[data-filled]:not([data-item])");
const rest = form.querySelector("[data-rest]");
const total = form.querySelector("[data-total]");
const before = { filled: Number(filled.textContent), total: Math.round(Number(total.textContent) * 100) };

function sums() {
  document.querySelectorAll("[data-star]").forEach((line) => {
    const step = gain(rows.filter((row) => row.element.dataset.inStar === line.dataset.star));
    show(line, Number(line.dataset.sum) + step, Number(line.dataset.line));
  });
  total.textContent = words(before.total + gain(rows));
  const untouched = rows.filter((row) => row.isUnchanged && !row.isTouched).length;
  if (rest) rest.textContent = untouched ? `其余 ${untouched} 项与上月一致` : "";
  filled.textContent = String(rows.reduce((sum, row) => sum + row.isFilled - row.wasFilled, before.filled));
}

const gain = (some) => some.reduce((sum, row) => sum + row.points - row.before, 0);
const words = (hundredths) => String(hundredths / 100);

function show(line, sum, passLine) {
  const points = line.querySelector("[data-star-points]");
  if (!points) return;
  points.textContent = words(sum);
  const missing = passLine - sum;
  line.querySelector("[data-star-missing]").textContent = missing > 0 ? `还差 ${words(missing)} 分` : "已到达标线";
}

// -- from field to field

let touched = 0; // when a finger last went down

form.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" ? Date.now() : 0; });

form.addEventListener("keydown", (event) => {
  const isTyped = event.target.matches("input, textarea") && !event.shiftKey && !event.isComposing;
  if (event.key !== "Enter" || !isTyped) return;
  event.preventDefault();
  advance(event.target);
});

// A level or 全部做到 under a finger is an answer: on to the next. With mouse and keys nothing moves by itself.
form.addEventListener("change", (event) => {
  if (event.target.type === "radio" && Date.now() - touched < 1000) advance(event.target);
});
form.addEventListener("click", (event) => {
  if (event.target.matches("[data-all]") && Date.now() - touched < 1000) advance(event.target);
});

function advance(control) {
  const stops = rows.flatMap(stopsOf);
  const row = control.closest("[data-item]");
  const own = stops.findIndex((stop) => stop === control || (stop.name && stop.name === control.name));
  const last = stops.reduce((found, stop, place) => (row.contains(stop) ? place : found), -1);
  const next = stops[(own < 0 ? last : own) + 1] || form.querySelector(".actionbar .button-primary");
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// Where Enter stops in a row: each field, one of a list, the reason where it is open.
function stopsOf(row) {
  if (isFolded(row.element)) return [];
  const all = row.element.querySelector("[data-all]");
  const chosen = row.values.find((one) => one.checked);
  const fields = row.values[0].type === "text" ? row.values : [(chosen || all || row.values[0])];
  return isFolded(row.note) ? fields : [...fields, row.note];
}

const isFolded = (element) => element.closest("details:not([open])") !== null;

// On a phone the rows save themselves and the bar has room for one button.
form.querySelector(".actionbar [value=save]").classList.add("only-wide");

// -- sending waits until every row is saved

let isReady = false;
form.addEventListener("submit", async (event) => {
  if (isReady || !rows.some((row) => row.isDirty || row.busy || row.isRefused)) return;
  event.preventDefault();
  const submitter = event.submitter;
  await Promise.all(rows.map((row) => row.save()));
  const left = rows.filter((row) => row.isDirty || row.isRefused);
  if (left.length) return refuse(left);
  isReady = true;
  form.requestSubmit(submitter);
});

function refuse(left) {
  toast(`还有 ${left.length} 项没有存上，请先改好再办理。`, true);
  left[0].element.scrollIntoView({ block: "center" });
}

window.addEventListener("beforeunload", (event) => {
  if (isReady || !rows.some((row) => row.isDirty)) return;
  event.preventDefault();
  event.returnValue = "";
});

window.addEventListener("online", () => rows.forEach((row) => row.save()));

// -- who else is writing

let lookedAt = 0;
let presentAt = Date.now();

async function look() {
  if (document.hidden || Date.now() - presentAt > PRESENCE) return;
  lookedAt = Date.now();
  const answer = await fetch(form.dataset.others, { credentials: "same-origin" }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const { drafts, sent } = await answer.json();
  const met = rows.filter((row) => drafts[row.id] || sent.includes(Number(row.id)));
  if (met.length) withOthers(({ meet }) => met.forEach((row) => meet(row, drafts[row.id], sent.includes(Number(row.id)))));
}

form.addEventListener("focusin", () => {
  presentAt = Date.now();
  if (presentAt - lookedAt > AT_ONCE) look();
});
window.setInterval(look, LOOK);
rows.forEach((row) => row.begin());
