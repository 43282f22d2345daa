// The claims that exist, beside the form of the reading desk: listed anew while one is typed or searched.
// Progressive enhancement: without it a button searches, and every answer of the server lists them.
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("known");
  const form = panel && panel.closest("form");
  if (!form) return;
  const PAUSE = 450;
  const find = document.getElementById("id_find");
  const failed = document.getElementById("known-failed");
  const said = document.getElementById("known-said");
  let timer, running;

  const refresh = async () => {
    clearTimeout(timer);
    running?.abort();
    const { signal } = running = new AbortController();
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await window.inTurn(() => fetch(panel.dataset.url, { method: "POST", body: new FormData(form), signal, redirect: "error" }));
      if (!answer.ok) throw new Error(answer.status);
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".known-body");
      const body = panel.querySelector(".known-body");
      // Whoever is about to press a button finds it where it was.
      if (body.innerHTML !== part.innerHTML && !body.contains(document.activeElement)) body.replaceWith(part);
      if (said.textContent !== part.dataset.said) said.textContent = part.dataset.said;
      failed.hidden = true;
    } catch (error) {
      if (error.name === "AbortError") return;
      failed.hidden = false;
      said.textContent = failed.textContent;
    }
    panel.removeAttribute("aria-busy");
  };
  const soon = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
  };

  const LISTENED = ["statement", "find", "framework", "criterion"];
  form.addEventListener("input", (event) => { if (LISTENED.includes(event.target.name)) soon(PAUSE); });
  // The autocompletes report a choice only through jQuery.
  window.django?.jQuery(form).on("change", (event) => { if (LISTENED.slice(2).includes(event.target.name)) soon(PAUSE); });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    refresh();
  });
  panel.querySelector("[name=_find]").addEventListener("click", (event) => {
    event.preventDefault();
    refresh();
  });
});
