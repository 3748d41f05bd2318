// One row of the report form: saves itself, keeps what the server could not take, and shows the other writer.
import { forget, keep, keptOf } from "./kept.js";
import { toast } from "./toast.js";

const PAUSE = 700;
const RETRY = 15000;

export class Row {
  constructor(element, form, tell) {
    Object.assign(this, { element, form, tell, timer: 0, busy: null, isDirty: false, isRefused: false });
    this.id = element.dataset.item;
    this.key = `${form.dataset.keeper}:${this.id}`;
    this.isUnchanged = element.hasAttribute("data-unchanged");
    this.wasFilled = this.isFilled = this.isUnchanged || element.hasAttribute("data-filled");
    this.before = this.points;
    this.values.forEach((one) => { one.enterKeyHint = "next"; });
    element.addEventListener("input", (event) => this.edited(event.target));
    this.setUpAll();
  }

  // -- fields

  // The points are always the server's: those the page came with, then those of each answer.
  get points() { return Number(this.element.dataset.points || 0); }

  get version() { return this.field("version").value; }

  set version(value) { this.field("version").value = value; }

  get note() { return this.field("note"); }

  get controls() { return [...this.element.querySelectorAll("input:not([type=hidden]), textarea")]; }

  get values() { return this.controls.filter((one) => one !== this.note && one !== this.field("kind")); }

  field(name) { return this.element.querySelector(`[name="item-${this.id}-${name}"]`); }

  get pairs() {
    const isOff = (one) => (one.type === "radio" || one.type === "checkbox") && !one.checked;
    return this.controls.filter((one) => !isOff(one)).map((one) => [shortName(one), one.value]);
  }

  get content() {
    const data = new FormData();
    for (const [name, value] of this.pairs) data.append(`item-${this.id}-${name}`, value);
    data.append(`item-${this.id}-version`, this.version);
    data.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    return data;
  }

  openNote() {
    const more = this.note.closest("details");
    if (more) more.open = true;
  }

  setUpAll() {
    const all = this.element.querySelector("[data-all]");
    if (!all) return;
    all.hidden = false;
    all.addEventListener("click", () => {
      this.values.forEach((box) => { box.checked = box.value !== "none"; });
      this.edited(this.values[0]);
    });
  }

  // 不涉及 and a value exclude each other; so do 以上都没有 and what is ticked above it.
  exclude(control) {
    if (shortName(control) === "done" && control.checked) {
      const isNone = control.value === "none";
      this.values.forEach((box) => { if ((box.value === "none") !== isNone) box.checked = false; });
    }
    const apart = this.field("kind");
    if (!apart) return;
    if (control === apart && apart.checked) {
      this.values.forEach((one) => { if (one.type === "text") one.value = ""; else one.checked = false; });
      this.openNote();
      this.note.focus();
    } else if (control !== this.note && control !== apart) {
      apart.checked = false;
    }
  }

  // What was typed while the scripts were still loading, and what was not saved last time.
  begin() {
    const kept = keptOf(this.key);
    const early = this.controls.find(isAltered);
    if (early) this.edited(early);
    else if (kept) withOthers((others) => others.recover(this, kept));
  }

  // -- saving

  edited(control) {
    this.exclude(control);
    this.isDirty = true;
    this.isTouched = true;
    this.tell();
    this.later(PAUSE);
  }

  later(wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), wait);
  }

  async save() {
    if (this.busy) await this.busy;
    if (!this.isDirty) return;
    window.clearTimeout(this.timer);
    this.isDirty = false;
    this.busy = this.send();
    await this.busy;
    this.busy = null;
  }

  async send() {
    this.say("正在保存…", "is-busy");
    const asked = { method: "POST", body: this.content, credentials: "same-origin", headers: { Accept: "application/json" } };
    try {
      const answer = await fetch(`/items/${this.id}/draft/`, asked);
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      this.take(answer, isJson ? await answer.json() : {});
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.wait();
    }
  }

  wait() {
    this.keep();
    this.say("网络不通，已留在本机，联网后自动保存", "is-error");
    this.isDirty = true;
    this.later(RETRY);
  }

  keep() {
    keep(this.key, { version: this.version, pairs: this.pairs });
  }

  take(answer, content) {
    if (answer.status >= 500) return this.wait();
    if (answer.ok && "saved_at" in content) return this.taken(content);
    this.isRefused = true;
    this.keep();
    if (content.theirs) {
      this.isClash = true;
      return withOthers((others) => others.clash(this, content.theirs));
    }
    const isExpired = answer.redirected || answer.status === 401;
    const message = content.message || (isExpired ? "登录已过期，内容已留在本机，请重新登录后再打开本页。" : "没有存上，请刷新页面后再试。");
    this.say(`未存：${message}`, "is-error");
    if (isExpired) toast(message, true);
    return undefined;
  }

  taken(content) {
    forget(this.key);
    this.isRefused = this.isClash = false;
    this.element.classList.remove("has-error");
    this.stand(content);
    const other = this.element.querySelector(".entry-other");
    if (other) other.remove();
    this.isFilled = Boolean(content.saved_at);
    if (!this.isDirty) this.say(content.saved_at ? `已存 ${content.saved_at}` : "已清空");
    this.tell();
  }

  // Version and points as the server has them now.
  stand(content) {
    this.version = content.version;
    this.element.dataset.points = content.points === null ? "" : String(Math.round(Number(content.points) * 100));
    const derived = this.element.querySelector(".entry-derived");
    if (derived) derived.textContent = content.derivation;
  }

  say(text, look = "") {
    const place = this.element.querySelector(".saved");
    place.className = `saved ${look}`.trim();
    place.textContent = text;
  }
}

const shortName = (control) => control.name.split("-").pop();

// Rarely needed, so fetched when it is.
export const withOthers = (act) => import("./two-writers.js").then(act);

function isAltered(control) {
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}
