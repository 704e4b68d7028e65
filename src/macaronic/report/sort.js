for (const table of document.querySelectorAll("table.sort")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, i) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down > 0 ? "ascending" : "descending");
      const key = (row) => row.cells[i].dataset.v ?? "";
      const order = (a, b) => (key(a) && key(b) ? key(a) - key(b) : !!key(b) - !!key(a)) || 0;
      const text = (a, b) => (key(a) || key(b) ? 0 : a.cells[i].textContent.localeCompare(b.cells[i].textContent));
      body.append(...[...body.rows].sort((a, b) => down * (order(a, b) || text(a, b))));
    };
  });
}
