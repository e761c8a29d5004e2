"use strict";
// Filters and sorting for tables that are complete without them. What is filtered for stands in the address, after "?",
// so
// that it can be shared: #findings?state=new&text=divu.
const forms = [...document.querySelectorAll("form.filters")];

function rowsOf(form) {
  return [...document.getElementById(form.dataset.table).tBodies[0].rows];
}

function apply(form) {
  const wanted = [...new FormData(form)].filter(([, value]) => value !== "");
  let shown = 0;
  const rows = rowsOf(form);
  for (const row of rows) {
    const fits = wanted.every(([name, value]) =>
      name === "text" ? row.textContent.toLowerCase().includes(value.toLowerCase()) : row.dataset[name] === value);
    row.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  form.querySelector("output").textContent = `${shown} of ${rows.length} shown`;
  return wanted;
}

function fromAddress() {
  const [section, query] = location.hash.slice(1).split("?", 2);
  if (query === undefined) return;
  const form = forms.find((form) => form.dataset.section === section);
  if (!form) return;
  const wanted = new URLSearchParams(query);
  for (const field of form.elements) {
    if (field.name) field.value = wanted.get(field.name) ?? "";
  }
  apply(form);
  document.getElementById(section).scrollIntoView();
}

for (const form of forms) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    const query = new URLSearchParams(apply(form));
    history.replaceState(null, "", `#${form.dataset.section}${query.size ? `?${query}` : ""}`);
  });
  apply(form);

  const table = document.getElementById(form.dataset.table);
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].textContent.trim();
      const collator = new Intl.Collator("en", { numeric: true });
      const number = (text) => (/^[\d,]+/.test(text) ? Number(/^[\d,]+/.exec(text)[0].replaceAll(",", "")) : NaN);
      const compare = head.classList.contains("number")
        ? (one, other) => (number(key(one)) || 0) - (number(key(other)) || 0)
        : (one, other) => collator.compare(key(one), key(other));
      const sorted = rowsOf(form).sort((one, other) => (down ? compare(other, one) : compare(one, other)));
      table.tBodies[0].append(...sorted);
    });
  });
}
// A link to a run that is filtered out shows it all the same.
addEventListener("hashchange", () => {
  const row = document.getElementById(location.hash.slice(1));
  if (row?.hidden) {
    const form = forms.find((form) => form.dataset.table === row.closest("table").id);
    form.reset();
    apply(form);
    row.scrollIntoView();
  }
  fromAddress();
});
fromAddress();
