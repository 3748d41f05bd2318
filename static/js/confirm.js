// <form data-confirm="…?" data-confirm-button="公布"> or <button data-confirm="…?"> asks before it submits.
// Without this script the form submits at once, so the server must not depend on the question.
function ask(question, word) {
  const dialog = document.createElement("dialog");
  if (typeof dialog.showModal !== "function") return Promise.resolve(window.confirm(question));
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", "请确认");
  const text = document.createElement("p");
  text.className = "preline";
  text.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "form-actions";
  form.append(button(word, "yes", "button button-primary"), button("取消", "no", "button"));
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  form.lastChild.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

function button(word, value, look) {
  const element = document.createElement("button");
  element.value = value;
  element.className = look;
  element.textContent = word;
  return element;
}

const confirmed = new WeakSet();

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const source = event.submitter && event.submitter.dataset.confirm ? event.submitter : form;
    if (!source.dataset.confirm || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const word = source.dataset.confirmButton || (submitter && submitter.textContent.trim()) || "确定";
    if (!(await ask(source.dataset.confirm, word))) return;
    confirmed.add(form);
    if (submitter) form.requestSubmit(submitter);
    else form.requestSubmit();
  },
  true,
);
