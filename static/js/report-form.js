// The report form saves each row shortly after its last change, keeps the running sums, and lets Enter go to the next
// row. Without it the same page is one form with 保存草稿 and 报送.
import { toast } from "./toast.js";

const PAUSE = 700;
const RETRY = 15000;
const form = document.querySelector("form[data-report]");
const rows = [...form.querySelectorAll("[data-item]")].map(watch);
const confirmBox = form.querySelector("[data-confirm-unchanged]");

// -- one row

function watch(element) {
  const row = { element, timer: 0, busy: null, isDirty: false };
  row.before = element.hasAttribute("data-unchanged") ? 0 : Number(element.dataset.points || 0);
  row.isFilled = element.hasAttribute("data-filled");
  element.addEventListener("input", (event) => changed(row, event.target));
  return row;
}

function field(row, name) {
  return row.element.querySelector(`[name="item-${row.element.dataset.item}-${name}"]`);
}

// The points are always the server's: those the page came with, then those of each answer.
function worth(row) {
  return Number(row.element.dataset.points || 0);
}

function valueFields(row) {
  return [...row.element.querySelectorAll("input:not([type=hidden])")].filter((control) => control !== field(row, "kind"));
}

function changed(row, control) {
  exclude(row, control);
  row.isDirty = true;
  row.isTouched = true;
  window.clearTimeout(row.timer);
  row.timer = window.setTimeout(() => save(row), PAUSE);
}

// 不涉及 and a value exclude each other; so do 以上都没有 and what is ticked above it.
function exclude(row, control) {
  if (control.type === "checkbox" && control.name.endsWith("-done") && control.checked) {
    const isNone = control.value === "none";
    row.element.querySelectorAll("[name$='-done']").forEach((box) => { if ((box.value === "none") !== isNone) box.checked = false; });
  }
  const apart = field(row, "kind");
  if (!apart) return;
  if (control === apart && apart.checked) {
    valueFields(row).forEach((one) => { if (one.type === "text") one.value = ""; else one.checked = false; });
    const more = field(row, "note").closest("details");
    if (more) more.open = true;
    field(row, "note").focus();
  } else if (control !== field(row, "note") && control !== apart) {
    apart.checked = false;
  }
}

function say(row, text, look = "") {
  const place = row.element.querySelector(".saved");
  place.className = `saved ${look}`.trim();
  place.textContent = text;
}

function content(row) {
  const data = new FormData();
  row.element.querySelectorAll("input, textarea").forEach((control) => {
    const isOff = (control.type === "radio" || control.type === "checkbox") && !control.checked;
    if (control.name && !isOff) data.append(control.name, control.value);
  });
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return data;
}

async function save(row) {
  if (row.busy) await row.busy;
  if (!row.isDirty) return;
  window.clearTimeout(row.timer);
  row.isDirty = false;
  row.busy = send(row);
  await row.busy;
  row.busy = null;
}

async function send(row) {
  say(row, "正在保存…", "is-busy");
  try {
    const answer = await fetch(`/items/${row.element.dataset.item}/draft/`, {
      method: "POST",
      body: content(row),
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    take(row, answer, isJson ? await answer.json() : {});
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say(row, "网络不通，稍后自动重存；也可以先点“保存草稿”", "is-error");
    row.isDirty = true;
    row.timer = window.setTimeout(() => save(row), RETRY);
  }
}

function take(row, answer, content) {
  if (answer.ok && content.saved_at) {
    field(row, "version").value = content.version;
    row.element.dataset.points = content.points === null ? "" : String(Math.round(Number(content.points) * 100));
    const derived = row.element.querySelector("[data-derived]");
    if (derived) derived.textContent = content.derivation;
    row.isFilled = true;
    row.element.classList.remove("has-error");
    if (!row.isDirty) say(row, `已存 ${content.saved_at}`);
    sums();
    return;
  }
  const isExpired = answer.redirected || answer.status === 401;
  const message = content.message || (isExpired ? "登录已过期，请重新登录后再填。" : "没有存上，请刷新页面后再试。");
  say(row, `未存：${message}`, "is-error");
  if (answer.status === 409 || isExpired) toast(message, true);
}

// -- running sums

function now(row) {
  const isUnchanged = row.element.hasAttribute("data-unchanged") && !row.isTouched;
  return isUnchanged && !(confirmBox && confirmBox.checked) ? 0 : worth(row);
}

function words(hundredths) {
  return String(hundredths / 100);
}

function sums() {
  let change = 0;
  form.ownerDocument.querySelectorAll("[data-star]").forEach((line) => {
    const own = rows.filter((row) => row.element.dataset.inStar === line.dataset.star);
    const step = own.reduce((sum, row) => sum + now(row) - row.before, 0);
    change += step;
    show(line, Number(line.dataset.sum) + step, Number(line.dataset.line));
  });
  const confirmed = confirmBox && confirmBox.checked;
  const added = rows.filter((row) => isAdded(row, confirmed)).length;
  form.querySelector("[data-filled]:not([data-item])").textContent = String(filledBefore + added);
  form.querySelector("[data-total]").textContent = words(totalBefore + change);
}

function isAdded(row, confirmed) {
  if (row.element.hasAttribute("data-filled")) return false;
  return row.isFilled || (confirmed && row.element.hasAttribute("data-unchanged"));
}

function show(line, sum, passLine) {
  const points = line.querySelector("[data-star-points]");
  if (!points) return;
  points.textContent = words(sum);
  const missing = passLine - sum;
  line.querySelector("[data-star-missing]").textContent = missing > 0 ? `还差 ${words(missing)} 分` : "已到达标线";
}

const filledBefore = Number(form.querySelector("[data-filled]:not([data-item])").textContent);
const totalBefore = Math.round(Number(form.querySelector("[data-total]").textContent) * 100);
if (confirmBox) confirmBox.addEventListener("input", sums);

// What was typed while this was still loading.
rows.forEach((row) => {
  const early = [...row.element.querySelectorAll("input:not([type=hidden]), textarea")].find(isAltered);
  if (early) changed(row, early);
});

function isAltered(control) {
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

// -- keyboard and sending

form.addEventListener("keydown", (event) => {
  const control = event.target;
  if (event.key !== "Enter" || event.isComposing || !control.matches("input")) return;
  event.preventDefault();
  const here = rows.findIndex((row) => row.element.contains(control));
  const next = rows.slice(here + 1).find((row) => row.element.offsetParent !== null);
  if (here >= 0 && next) focusFirst(next);
  else if (here >= 0) form.querySelector(".actionbar .button-primary").focus();
});

function focusFirst(row) {
  const first = valueFields(row).find((one) => one.checked) || valueFields(row)[0];
  first.focus();
  row.element.scrollIntoView({ block: "nearest" });
}

let isReady = false;
form.addEventListener("submit", async (event) => {
  if (isReady || !rows.some((row) => row.isDirty || row.busy)) return;
  event.preventDefault();
  const submitter = event.submitter;
  await Promise.all(rows.map(save));
  isReady = true;
  rows.forEach((row) => { row.isDirty = false; });
  form.requestSubmit(submitter);
});

window.addEventListener("beforeunload", (event) => {
  if (isReady || !rows.some((row) => row.isDirty)) return;
  event.preventDefault();
  event.returnValue = "";
});
