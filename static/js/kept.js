// What the server could not take of a form, kept in this tab until it can.
const keyOf = (form) => `autosave:${form.dataset.autosaveKey || form.action}`;
const NOT_KEPT = ["csrfmiddlewaretoken", "expected_version"];

export const versionOf = (form) => (form.elements.expected_version ? form.elements.expected_version.value : "");

export function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.includes(name) && typeof value === "string");
  window.sessionStorage.setItem(keyOf(form), JSON.stringify({ version: versionOf(form), fields }));
}

export function forget(form) {
  window.sessionStorage.removeItem(keyOf(form));
}

export function keptOf(form) {
  return JSON.parse(window.sessionStorage.getItem(keyOf(form)) || "null");
}

export function refill(form, kept) {
  for (const [name, value] of kept.fields) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === value;
      else control.value = value;
    }
  }
}
