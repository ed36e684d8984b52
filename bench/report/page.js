/* Adds to a page that is whole without it: headings that sort, values of marks on hover and focus, a filter for the names
   of backends, precisions and trainers, which stays in the fragment of the address, tables as CSV, the download of the
   embedded results, all folds open on paper. */
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    element.className = kind;
    element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  };
  const tables = all("main table").map(table => ({
    table, titles: [...table.tHead.rows[0].cells].map(cell => cell.textContent.trim())
  }));

  // Sorting: numbers before texts, cells without a value last.
  function key(cell) {
    if (!cell) return null;
    if (cell.hasAttribute("data-sort")) return Number(cell.getAttribute("data-sort"));
    const text = cell.textContent.trim();
    return text === "" || text === "–" ? null : text;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  function sort(table, column, heading) {
    const body = table.tBodies[0], rows = [...body.rows];
    const rising = heading.getAttribute("aria-sort") !== "ascending";
    rows.forEach((row, i) => { if (!row.hasAttribute("data-place")) row.setAttribute("data-place", i); });
    rows.sort((a, b) => {
      const x = key(a.cells[column]), y = key(b.cells[column]);
      const places = a.getAttribute("data-place") - b.getAttribute("data-place");
      if (x === null || y === null) return (x === null) - (y === null) || places;
      return (rising ? 1 : -1) * compare(x, y) || places;
    });
    rows.forEach(row => body.appendChild(row));
    [...heading.parentNode.cells].forEach(other => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
  }
  all("table.sortable").forEach(table => [...table.tHead.rows[0].cells].forEach((heading, column) => {
    // No button: Chromium repeats no heading on paper that has one.
    const button = make("span", "", heading.textContent);
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.addEventListener("keydown", event => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); button.click(); }
    });
    heading.replaceChildren(button);
    button.addEventListener("click", () => sort(table, column, heading));
  }));

  // A table as CSV.
  const quoted = text => /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  const csv = table => [...table.rows].filter(row => !row.classList.contains("off"))
    .map(row => [...row.cells].map(cell => quoted(cell.textContent.trim())).join(",") + "\n").join("");
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = make("textarea", "", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  }
  tables.forEach(({ table }) => {
    const button = make("button", "copy", "copy CSV");
    button.addEventListener("click", () => {
      button.dataset.csv = csv(table);
      copy(button.dataset.csv).then(() => { button.textContent = "copied"; }, () => { button.textContent = "not allowed"; });
      setTimeout(() => { button.textContent = "copy CSV"; }, 1500);
    });
    table.parentNode.after(button);
  });

  // The value of a mark, under the pointer or by the arrow keys in a drawing that has the focus.
  const tip = make("div", "tip", "");
  let shown = null;
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);
  all("svg.plot .v > title").forEach(title => {
    title.parentNode.dataset.value = title.textContent;
    title.remove();
  });
  function show(mark) {
    if (shown) shown.classList.remove("on");
    shown = mark;
    tip.hidden = !mark;
    if (!mark) return;
    mark.classList.add("on");
    tip.textContent = mark.dataset.value;
    const box = mark.getBoundingClientRect(), width = document.documentElement.clientWidth;
    const middle = (box.left + box.right - tip.offsetWidth) / 2;
    tip.style.left = Math.max(4, Math.min(middle, width - tip.offsetWidth - 4)) + window.scrollX + "px";
    tip.style.top = box.top + window.scrollY - tip.offsetHeight - 6 + "px";
  }
  document.addEventListener("pointerover", event => show(event.target.closest(".v")));
  all("svg.plot").forEach(plot => {
    const marks = () => all(".v", plot).filter(mark => !mark.closest(".off"));
    const step = by => {
      const list = marks(), at = list.indexOf(shown);
      if (list.length > 0) show(list[at < 0 ? 0 : (at + by + list.length) % list.length]);
    };
    if (marks().length === 0) return;
    plot.setAttribute("tabindex", "0");
    plot.addEventListener("focus", () => step(0));
    plot.addEventListener("blur", () => show(null));
    plot.addEventListener("keydown", event => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by) { step(by); event.preventDefault(); }
      if (event.key === "Escape") show(null);
    });
  });

  // The filter: the names that are left out. "#roofline;without=blis,float64"
  const off = new Set();
  let ours = false;
  const titles = ["backend", "dtype", "trainer", "optimiser", "case"];
  const named = tables.map(({ table, titles: own }) => ({
    table, places: own.map((title, i) => titles.includes(title) ? i : -1).filter(i => i >= 0)
  })).filter(({ places }) => places.length > 0);
  const hidden = names => names.some(name => off.has(name));
  const names = cell => cell ? [cell.textContent, ...cell.textContent.split(/[ ,/]+/)] : [];
  function apply() {
    all("[data-of]").forEach(element => element.classList.toggle("off", hidden(element.dataset.of.split("|"))));
    named.forEach(({ table, places }) => [...table.tBodies[0].rows].forEach(row =>
      row.classList.toggle("off", places.some(i => hidden(names(row.cells[i]))))));
    all("li[data-name] button").forEach(button =>
      button.setAttribute("aria-pressed", String(!off.has(button.parentNode.dataset.name))));
  }
  function write() {
    const place = location.hash.slice(1).split(";")[0];
    const hash = "#" + place + (off.size > 0 ? ";without=" + [...off].map(encodeURIComponent).join(",") : "");
    if (hash === (location.hash || "#")) return;
    ours = true;
    location.replace(hash);
  }
  function read() {
    const [place, ...rest] = location.hash.slice(1).split(";");
    const without = rest.find(part => part.startsWith("without="));
    const target = place && document.getElementById(place);
    for (let fold = target && target.closest("details"); fold; fold = fold.parentNode.closest("details")) fold.open = true;
    if (!ours && target) target.scrollIntoView();
    if (ours) { ours = false; return; }
    if (!without && off.size > 0) return write();  // a link was followed
    off.clear();
    if (without) without.slice(8).split(",").forEach(name => off.add(decodeURIComponent(name)));
    apply();
  }
  all("li[data-name]").forEach(item => {
    const button = make("button", "", ""), name = item.dataset.name;
    button.append(...item.childNodes);
    item.append(button);
    button.addEventListener("click", () => {
      if (!off.delete(name)) off.add(name);
      apply();
      write();
    });
  });
  all("#filter").forEach(filter => { filter.hidden = false; });
  window.addEventListener("hashchange", read);
  read();
  apply();

  const data = document.getElementById("results"), place = document.getElementById("download");
  if (data && place) {
    const button = make("button", "action", "Save results.json");
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([data.textContent], { type: "application/json" }));
      link.download = "results.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    place.append(button);
  }
  const folds = () => all("details:not(.data):not([open])");
  let opened = [];
  window.addEventListener("beforeprint", () => { opened = folds(); opened.forEach(fold => { fold.open = true; }); });
  window.addEventListener("afterprint", () => opened.forEach(fold => { fold.open = false; }));
})();
