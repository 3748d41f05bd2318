// A short message in the live region at the bottom of the page.
const STAY = 6000;

export function toast(text, isError = false) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const line = document.createElement("div");
  line.className = isError ? "toast toast-error" : "toast";
  line.textContent = text;
  region.append(line);
  window.setTimeout(() => line.remove(), isError ? STAY * 2 : STAY);
}
