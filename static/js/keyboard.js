// J / K move between rows, further keys press what the present row (or the page) declares; see docs/design.md §5.
function isTyping(target) {
  return target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=radio], [type=checkbox], [type=button]"));
}

function rows() {
  return [...document.querySelectorAll("[data-key-rows] [data-key-row]")].filter((row) => row.offsetParent !== null);
}

let lastRow = "";

// The row one is in, or was in before the focus went nowhere or to a key's own element outside the rows.
function presentRow() {
  const active = document.activeElement;
  const own = active && active.closest("[data-key-row]");
  if (own || (active && active !== document.body && !active.matches("[data-key]"))) return own;
  const before = lastRow && document.getElementById(lastRow);
  return before && before.offsetParent !== null ? before : null;
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-key-row]");
  if (row) lastRow = row.id;
});

function move(step) {
  const all = rows();
  if (!all.length) return;
  const place = all.indexOf(presentRow());
  const next = all[place < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + step, 0), all.length - 1)];
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const own = presentRow() && presentRow().querySelector(`[data-key="${CSS.escape(key)}"]`);
  const shared = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => !one.closest("[data-key-row]"));
  const element = own || shared;
  if (!element || element.disabled) return false;
  element.focus();
  element.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || event.target.closest("[data-key-quiet]")) return;
  const key = event.key.toLowerCase();
  if (key.length !== 1) return;
  if (key === "j" || key === "k") {
    move(key === "j" ? 1 : -1);
    event.preventDefault();
  } else if (press(key)) {
    event.preventDefault();
  }
});
