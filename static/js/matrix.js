// The controls of a matrix without a reload: htmx fetches the page of the link or form and swaps the section. This
// script keeps the pressed control where it is, keeps the focus, announces the change, opens as a page whatever cannot
// be swapped, shows another density at once, and moves the focus from cell to cell by arrow keys.
(() => {
  let used = "";
  let place = null;

  const visible = (element) => element && element.checkVisibility();
  // A popover or a folded panel closes with the swap: the control that opened it stands for what was inside.
  const opener = (element) => {
    if (!element) return null;
    const pop = element.closest("[popover]");
    if (pop) return document.querySelector(`[popovertarget="${pop.id}"]`);
    const drop = element.closest("details.drop");
    return drop && drop.querySelector("summary");
  };
  const standing = (id) => {
    const control = id && document.getElementById(id);
    return [control, opener(control)].find(visible);
  };

  const settle = (section) => {
    for (const button of section.querySelectorAll("[data-print]")) button.hidden = false;
    document.getElementById("matrix-said").textContent = section.dataset.said;
    const target = standing(used);
    if (target) {
      target.focus({ preventScroll: true });
      if (place !== null) scrollBy(0, target.getBoundingClientRect().top - place);
    } else {
      document.getElementById("h-matrix").focus({ preventScroll: place !== null });
    }
    place = null;
  };

  // Without script a page is loaded at the pressed control, by the fragment of its address. With script nothing moves.
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.path = event.detail.path.split("#")[0];
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const active = document.activeElement;
    const inside = elt.contains(active) ? active : elt;
    used = inside.id || (requestConfig.triggeringEvent?.submitter?.id ?? "");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    const target = standing(used);
    place = target ? target.getBoundingClientRect().top : null;
    if (xhr.status === 200) return;
    event.detail.shouldSwap = false;
    location.assign(pathInfo.finalRequestPath || pathInfo.requestPath);
  });
  document.addEventListener("htmx:sendError", (event) => {
    const { pathInfo } = event.detail;
    location.assign(pathInfo.finalRequestPath || pathInfo.requestPath);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const section = document.getElementById("matrix");
    // htmx reports every swapped part: once is enough.
    if (section && event.detail.elt === section) settle(section);
  });
  document.addEventListener("htmx:historyRestore", () => {
    used = "";
    const section = document.getElementById("matrix");
    if (section) settle(section);
  });

  // The density shows at once; the form carries it to the next page.
  document.addEventListener("change", (event) => {
    if (event.target.name !== "density") return;
    document.querySelector(".wide-matrix")?.classList.toggle("compact", event.target.value === "compact");
  });

  // One panel at a time; Escape or a click elsewhere closes it.
  document.addEventListener("click", (event) => {
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      if (!drop.contains(event.target)) drop.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const drop = document.activeElement.closest("details.drop[open]");
    if (!drop) return;
    drop.open = false;
    drop.querySelector("summary").focus();
  });

  // Arrow keys: from the name of a row to its cells, and from cell to cell. Cells without a link are passed over.
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const linkIn = (cell) => cell && cell.querySelector(":scope > a");
  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const from = event.target.matches("a") && event.target.closest(".wide-matrix tbody :is(td, th[scope=row])");
    if (!from || event.target.parentElement !== from) return;
    const [down, across] = step;
    const rows = [...from.closest("table").querySelectorAll("tbody tr:not(.grp)")];
    let row = rows.indexOf(from.parentElement);
    let column = from.cellIndex;
    let link = null;
    do {
      row += down;
      column += across;
      const cells = rows[row] && rows[row].cells;
      if (!cells || !cells[column]) return;
      link = linkIn(cells[column]);
    } while (!link);
    event.preventDefault();
    link.focus({ preventScroll: true });
    link.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
