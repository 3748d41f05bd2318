// Fetched only when needed: a row that somebody else has changed too, or that was not saved last time.
import { forget } from "./kept.js";

// Both values side by side; she chooses, nothing is overwritten unasked.
export function clash(row, theirs) {
  row.say("未存：这一项刚有人改过，请选用哪个", "is-error");
  const words = `${theirs.who || "另一窗口"} 填的是：${theirs.said}。您填的是：${wordsOf(row, row.pairs)}。`;
  offer(row, words, [["用我填的", () => insist(row, theirs)], ["用对方的", () => take(row, theirs)]]);
}

function insist(row, theirs) {
  row.version = theirs.version;
  row.isDirty = true;
  row.save();
}

function take(row, theirs) {
  refill(row, pairsOf(theirs.fields));
  row.stand(theirs);
  row.isRefused = row.isClash = false;
  forget(row.key);
  say(row, "");
  row.say(`已用 ${theirs.who} 填的`);
  row.tell();
}

// What was kept on this machine goes back unasked only where nobody has written since.
export function recover(row, kept) {
  const use = () => { refill(row, kept.pairs); say(row, ""); row.isDirty = true; row.save(); };
  if (kept.version === row.version) {
    use();
    return;
  }
  const words = `您上次填的没有存上，这一项后来又改过。上次填的是：${wordsOf(row, kept.pairs)}。`;
  offer(row, words, [["用上次填的", use], ["不要了", () => { forget(row.key); say(row, ""); }]]);
}

// What others did meanwhile, as the page is told every while.
export function meet(row, draft, isSent) {
  if (row.isClash || row.busy) return;
  if (isSent) {
    say(row, "这一项已经报送，请刷新页面。");
    return;
  }
  if (draft.version > Number(row.version) && !row.isDirty) {
    refill(row, pairsOf(draft.fields));
    row.stand(draft);
    row.isFilled = true;
    row.say("");
    row.tell();
  }
  say(row, `${draft.who} ${draft.doing}`);
}

const say = (row, text) => offer(row, text, []);

function offer(row, text, choices) {
  const old = row.element.querySelector(".entry-other");
  if (old) old.remove();
  if (!text) return;
  const place = document.createElement("div");
  place.className = "entry-other";
  place.setAttribute("role", "status");
  place.append(text);
  choices.forEach(([label, act]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: label });
    button.addEventListener("click", act);
    place.append(button);
  });
  row.element.querySelector(".entry-give").append(place);
}

// -- values of a row as pairs of name and text

const shortName = (control) => control.name.split("-").pop();

// The server names a checklist's places in one text: "0,2".
function pairsOf(fields) {
  return Object.entries(fields).flatMap(([name, value]) => (name === "done" ? value.split(",") : [value]).map((one) => [name, one]));
}

function refill(row, pairs) {
  for (const one of row.controls) {
    const given = pairs.filter(([name]) => name === shortName(one)).map((pair) => pair[1]);
    if (one.type === "radio" || one.type === "checkbox") one.checked = given.includes(one.value);
    else one.value = given[0] || "";
  }
  if (row.note.value) row.openNote();
}

function wordsOf(row, pairs) {
  return pairs.map((pair) => wordOf(row, pair)).filter(Boolean).join("；") || "（空）";
}

// What is chosen reads as its label, what is typed as it is.
function wordOf(row, [name, value]) {
  const chosen = row.controls.find((one) => shortName(one) === name && one.value === value && one.labels && one.labels[0]);
  const isChoice = chosen && chosen.type !== "text" && chosen !== row.note;
  return isChoice ? chosen.labels[0].textContent.trim().replace(/\s+/g, " ") : value;
}
