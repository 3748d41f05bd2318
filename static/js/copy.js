// <button data-copy="id" hidden>复制</button>: copies what stands in that field. Without this script the field is there
// to select from. Away from HTTPS and localhost browsers offer no clipboard; then the selection is copied.
import { toast } from "./toast.js";

async function copy(field) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(field.value);
    return true;
  }
  field.focus();
  field.select();
  return document.execCommand("copy");
}

document.querySelectorAll("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  if (!field) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    let done = false;
    try {
      done = await copy(field);
    } catch {
      field.select();
    }
    toast(done ? "已复制，可以粘贴了" : "没有复制成，请按住文字全选复制", !done);
  });
});
