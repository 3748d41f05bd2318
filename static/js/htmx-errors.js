// What htmx does not swap in: an expired log-in reloads the page, any other refusal becomes a toast.
import { toast } from "./toast.js";

document.body.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 401) {
    window.location.reload();
    return;
  }
  const type = answer.getResponseHeader("Content-Type") || "";
  const plain = type.startsWith("text/plain") || !answer.responseText.includes("<html");
  toast(plain && answer.responseText ? answer.responseText.slice(0, 200) : "没有办成，请刷新页面后再试。", true);
});

document.body.addEventListener("htmx:sendError", () => toast("网络不通，请稍后再试。", true));
