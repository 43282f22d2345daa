// Suggestions below the search field of every page. htmx is loaded when the field is first used; without this file the
// form searches as ever. The field is a combobox: arrow keys move through the list, Enter opens, Escape closes.
(() => {
  const field = document.querySelector("[data-suggest]");
  const box = document.getElementById("suggest");
  if (!field || !box) return;

  const options = () => [...box.querySelectorAll("[role=option]")];
  const chosen = () => box.querySelector("[aria-selected=true]");

  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };

  const show = (isOpen) => {
    box.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) field.setAttribute("aria-controls", "suggestions");
    else field.removeAttribute("aria-controls");
    if (!isOpen) choose(null);
  };

  const load = () => {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    show(false);
    if (window.htmx) return;
    const meta = document.createElement("meta");
    meta.name = "htmx-config";
    meta.content = JSON.stringify({
      allowEval: false, allowScriptTags: false, includeIndicatorStyles: false, selfRequestsOnly: true, historyCacheSize: 0,
    });
    const script = document.createElement("script");
    script.src = field.dataset.suggest;
    // What was typed before htmx was there is asked for now.
    script.addEventListener("load", () => {
      if (field.value.trim()) htmx.ajax("GET", field.dataset.hxGet, { source: field, target: "#suggest" });
    });
    document.head.append(meta, script);
  };
  field.addEventListener("focus", load, { once: true });

  box.addEventListener("htmx:afterSwap", () => show(options().length > 0 && field.matches(":focus")));
  field.addEventListener("input", () => { if (!field.value.trim()) show(false); });
  field.addEventListener("focus", () => show(options().length > 0 && field.value.trim() !== ""));
  const isInside = (node) => field.form.contains(node) || box.contains(node);
  document.addEventListener("click", (event) => { if (!isInside(event.target)) show(false); });
  field.form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !isInside(event.relatedTarget)) show(false);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || box.hidden) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(at < 0 ? all.at(-1) : all[at - 1] ?? null);
    else if (event.key === "Escape") show(false);
    else if (event.key === "Enter" && chosen()) location.assign(chosen().href);
    else return;
    event.preventDefault();
  });
})();
