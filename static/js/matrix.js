// The controls of a matrix without a reload: htmx fetches the page of the link or form and swaps the section. This
// script keeps the focus, announces the change, and opens as a page whatever cannot be swapped.
(() => {
  let used = "";

  const visible = (element) => element && element.checkVisibility();
  // A popover closes with the swap: move the focus to the button that opened it.
  const opener = (element) => {
    const pop = element && element.closest("[popover]");
    return pop && document.querySelector(`[popovertarget="${pop.id}"]`);
  };

  const settle = (section) => {
    for (const button of section.querySelectorAll("[data-print]")) button.hidden = false;
    document.getElementById("matrix-said").textContent = section.dataset.said;
    const control = used && document.getElementById(used);
    const target = [control, opener(control)].find(visible);
    if (target) target.focus({ preventScroll: true });
    else document.getElementById("h-matrix").focus();
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const active = document.activeElement;
    const inside = elt.contains(active) ? active : elt;
    used = inside.id || (requestConfig.triggeringEvent?.submitter?.id ?? "");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
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
})();
