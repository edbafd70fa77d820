// Tables one can search: rows that hold all words of the box stay, the first few of them are shown.
"use strict";
for (const box of document.querySelectorAll("input[data-search]")) {
  const rows = [...document.getElementById(box.dataset.search).tBodies[0].rows];
  const said = document.getElementById(box.dataset.search + "-count");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const most = Number(box.dataset.most);
  const look = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    rows.forEach((row, n) => {
      const fits = words.every((word) => texts[n].includes(word));
      found += fits;
      row.hidden = !fits || found > most;
    });
    said.textContent = `${Math.min(found, most)} / ${found}`;
  };
  box.addEventListener("input", look);
  look();
}
for (const button of document.querySelectorAll("button[data-language]")) {
  button.addEventListener("click", () => {
    const section = button.closest("section");
    section.lang = button.dataset.language;
    for (const one of section.querySelectorAll("button[data-language]")) one.ariaPressed = one === button;
  });
}
