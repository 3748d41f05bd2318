// Saves a form (one row of a report) shortly after the last change; see docs/design.md §5.
// The server answers {saved_at, version} or, with 409 and 422, {message}. What it could not take is kept (kept.js).
import { forget, keep, keptOf, refill, versionOf } from "./kept.js";
import { toast } from "./toast.js";

const PAUSE = 800;
const RETRY = 15000;
const unsaved = new Map(); // form → timer
const running = new Map(); // form → promise of "is it saved"

function say(form, text, look = "") {
  const place = form.querySelector(".saved");
  if (!place) return;
  place.className = `saved ${look}`.trim();
  place.textContent = text;
}

function restore(form) {
  const kept = keptOf(form);
  if (!kept) return;
  const text = kept.fields.map((pair) => pair[1]).join("；");
  if (kept.version !== versionOf(form)) return say(form, `上次有内容没存上，这一项后来又改过，请核对：${text}`, "is-error");
  refill(form, kept);
  say(form, "上次没存上的内容已找回，正在保存…", "is-busy");
  later(form, PAUSE);
}

function later(form, wait) {
  window.clearTimeout(unsaved.get(form));
  unsaved.set(form, window.setTimeout(() => save(form), wait));
}

function save(form) {
  window.clearTimeout(unsaved.get(form));
  if (running.has(form)) return running.get(form).then(() => (unsaved.has(form) ? save(form) : true));
  unsaved.delete(form);
  say(form, "正在保存…", "is-busy");
  const promise = send(form).finally(() => running.delete(form));
  running.set(form, promise);
  return promise;
}

async function send(form) {
  const headers = { "X-Autosave": "1", Accept: "application/json" };
  try {
    const answer = await fetch(form.dataset.autosaveUrl || form.action, { method: "POST", body: new FormData(form), headers });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return take(form, answer, isJson ? await answer.json() : {});
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    keep(form);
    say(form, "网络不通，内容已留在本机，稍后自动重存", "is-error");
    later(form, RETRY);
    return false;
  }
}

function take(form, answer, content) {
  if (answer.ok && content.saved_at) {
    forget(form);
    if (form.elements.expected_version && "version" in content) form.elements.expected_version.value = content.version;
    if (!unsaved.has(form)) say(form, `已存 ${content.saved_at}`);
    form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: content }));
    return true;
  }
  keep(form);
  const isExpired = answer.redirected || answer.status === 401;
  const message = content.message || (isExpired ? "登录已过期，请重新登录，内容已留在本机。" : "没有存上，请刷新页面后再试。");
  say(form, `未存：${message}`, "is-error");
  if (answer.status === 409 || isExpired) toast(message, true);
  return false;
}

document.querySelectorAll("form[data-autosave]").forEach((form) => {
  restore(form);
  form.addEventListener("input", () => later(form, PAUSE));
});

// Another form (报送) waits until every row is saved; at the window, so before any question is asked.
async function saveFirst(event) {
  const form = event.target;
  if (unsaved.has(form)) window.clearTimeout(unsaved.get(form));
  unsaved.delete(form);
  const waiting = new Set([...unsaved.keys(), ...running.keys()]);
  if (!waiting.size) return;
  const submitter = event.submitter;
  event.preventDefault();
  event.stopImmediatePropagation();
  const saved = await Promise.all([...waiting].map((one) => (unsaved.has(one) ? save(one) : running.get(one))));
  if (!saved.every(Boolean)) toast("还有内容没有存上，请先改好再办理。", true);
  else if (submitter) form.requestSubmit(submitter);
  else form.requestSubmit();
}
window.addEventListener("submit", saveFirst, true);

window.addEventListener("beforeunload", (event) => {
  if (!unsaved.size) return;
  event.preventDefault();
  event.returnValue = "";
});
