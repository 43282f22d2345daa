// Progressive enhancement: every page works without this file.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  const stored = root.dataset.theme && document.getElementById(`theme-${root.dataset.theme}`);
  if (stored) stored.checked = true;
  document.addEventListener("change", (event) => {
    if (event.target.name !== "theme") return;
    const value = event.target.value;
    if (value === "auto") delete root.dataset.theme;
    else root.dataset.theme = value;
    try {
      if (value === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", value);
    } catch { /* storage is not available: the choice lasts until the page is left */ }
  });

  // "/" moves the focus to the search field
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector('input[type="search"]');
    if (field) {
      event.preventDefault();
      field.focus();
    }
  });

  // Copy buttons: <button data-copy="id of a field or block" hidden>
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      const label = button.querySelector("span") ?? button;
      const before = label.textContent;
      label.textContent = "Copied";
      setTimeout(() => { label.textContent = before; }, 1600);
    });
  }

  // A link to something inside a closed <details> opens it
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const box = target && target.closest("details");
    if (box) box.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  // An address holds what was chosen, and no fields that were left empty
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.method !== "get") return;
    for (const name of new Set(formData.keys())) if (!formData.getAll(name).join("")) formData.delete(name);
  });

  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
})();
