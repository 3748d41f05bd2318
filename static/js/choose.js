// A tick for all rows of a group: [data-choose-all] inside [data-choose-group]. Without scripts rows are ticked one by one.

for (const all of document.querySelectorAll("[data-choose-all]")) {
  const group = all.closest("[data-choose-group]");
  const boxes = Array.from(group.querySelectorAll('input[name="chosen"]'));
  all.closest("[hidden]").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  group.addEventListener("change", () => {
    all.checked = boxes.every((box) => box.checked);
  });
}
