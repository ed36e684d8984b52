/* Adds to a page that is whole without it: headings that sort, the download of the embedded results, all folds open
   on paper. */
"use strict";
(function () {
  function key(cell) {
    if (!cell) return null;
    if (cell.hasAttribute("data-sort")) return Number(cell.getAttribute("data-sort"));
    var text = cell.textContent.trim();
    return text === "" || text === "–" ? null : text;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  function sort(table, column, heading) {
    var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
    var rising = heading.getAttribute("aria-sort") !== "ascending";
    rows.forEach(function (row, i) { if (!row.hasAttribute("data-place")) row.setAttribute("data-place", i); });
    rows.sort(function (a, b) {
      var x = key(a.cells[column]), y = key(b.cells[column]);
      if (x === null || y === null) return (x === null) - (y === null) || a.getAttribute("data-place") - b.getAttribute("data-place");
      return (rising ? 1 : -1) * compare(x, y) || a.getAttribute("data-place") - b.getAttribute("data-place");
    });
    rows.forEach(function (row) { body.appendChild(row); });
    Array.prototype.forEach.call(heading.parentNode.cells, function (other) { other.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
  }
  Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), function (table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (heading, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (heading.firstChild) button.appendChild(heading.firstChild);
      heading.appendChild(button);
      button.addEventListener("click", function () { sort(table, column, heading); });
    });
  });
  var data = document.getElementById("results"), place = document.getElementById("download");
  if (data && place) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "action";
    button.textContent = "Save results.json";
    button.addEventListener("click", function () {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([data.textContent], { type: "application/json" }));
      link.download = "results.json";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    });
    place.appendChild(button);
  }
  window.addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll("details"), function (fold) { fold.open = true; });
  });
})();
