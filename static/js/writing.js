// A claim that is being written: fields that follow the criterion, and a preview that follows the fields.
// Progressive enhancement: without it all fields are shown, the server checks them, and a button shows the preview.
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("preview");
  const form = panel && panel.closest("form");
  if (!form || !window.django) return;
  const $ = django.jQuery;
  const PAUSE = 450;
  const body = () => panel.querySelector(".preview-body");
  const failed = document.getElementById("preview-failed");
  const said = document.getElementById("preview-said");

  // ── Fields that follow the criterion and the kind ──

  const asked = () => JSON.parse(body().dataset.criterion || "{}");
  const filled = (part) =>
    [...part.querySelectorAll("input, textarea, select")].some((field) =>
      field.type === "hidden" ? false : ["checkbox", "radio"].includes(field.type) ? field.checked && field.value !== "" : field.value.trim() !== "");

  // A field that does not fit is hidden while it is empty; with a value it stays visible, with a warning.
  const follow = (part, fits) => {
    if (!part) return;
    const kept = !fits && filled(part);
    part.hidden = !fits && !kept;
    let warning = part.querySelector(".misfit");
    if (kept && !warning) {
      warning = document.createElement("p");
      warning.className = "misfit";
      warning.textContent = panel.dataset.misfit;
      part.prepend(warning);
    }
    if (warning) warning.hidden = !kept;
    const details = part.querySelector(":scope > details");
    if (details && (fits || kept) && filled(part)) details.open = true;
  };

  const unit = document.createElement("span");
  unit.className = "unit";
  const number = document.getElementById("id_number");
  if (number) {
    const together = document.createElement("span");
    together.className = "with-unit";
    number.replaceWith(together);
    together.append(number, unit);
  }

  const levels = (criterion) => {
    const list = document.getElementById("level-options");
    if (!list || list.dataset.criterion === String(criterion.pk ?? "")) return;
    const chosen = list.querySelector("input:checked");
    const known = (criterion.levels ?? []).some(([pk]) => String(pk) === chosen?.value);
    const labels = (criterion.levels ?? []).map(([pk, name]) => [String(pk), name]);
    // A level of another criterion was chosen: it stays with a warning, and the server refuses it.
    if (chosen?.value && !known) labels.unshift([chosen.value, `${chosen.parentElement.textContent.trim()} (${panel.dataset.elsewhere})`]);
    labels.push(["", list.dataset.none]);
    list.replaceChildren(...labels.map(([value, name], place) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "level", value, id: `id_level_${place}`, checked: value === (chosen?.value ?? "") });
      label.append(radio, ` ${name}`);
      return label;
    }));
    list.dataset.criterion = criterion.pk ?? "";
  };

  const arrange = () => {
    const criterion = asked();
    levels(criterion);
    follow(form.querySelector(".form-row.field-level"), criterion.type === "level");
    follow(form.querySelector(".form-row.field-number"), criterion.type === "number");
    follow(form.querySelector(".form-row.field-text"), criterion.type === "text");
    unit.textContent = criterion.unit ?? "";
    const kind = document.getElementById("id_kind")?.value;
    follow(document.getElementById("id_hardware")?.closest("fieldset"), kind === "figure");
    follow(document.getElementById("id_impact")?.closest("fieldset"), kind === "pitfall");
  };

  // ── The preview ──

  let timer, running;
  const fetched = [];  // called once, when the next preview has arrived

  const refresh = async () => {
    clearTimeout(timer);
    running?.abort();
    const { signal } = running = new AbortController();
    const sent = new FormData(form);
    sent.set("preview_of", panel.dataset.pk ?? "");
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await window.inTurn(() => fetch(panel.dataset.url, { method: "POST", body: sent, signal, redirect: "error" }));
      if (!answer.ok) throw new Error(answer.status);
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".preview-body");
      body().replaceWith(part);
      if (said.textContent !== part.dataset.said) said.textContent = part.dataset.said;
      arrange();
      for (const next of fetched.splice(0)) next();
    } catch (error) {
      if (error.name === "AbortError") return;
      failed.hidden = false;
      said.textContent = failed.textContent;
      panel.classList.add("failed");
      panel.removeAttribute("aria-busy");
      return;
    }
    failed.hidden = true;
    panel.classList.remove("failed");
    panel.removeAttribute("aria-busy");
  };
  const soon = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
  };

  form.addEventListener("input", () => { arrange(); soon(PAUSE); });
  // The autocompletes report a choice only through jQuery.
  $(form).on("change", (event) => {
    arrange();
    soon(["framework", "criterion"].includes(event.target.name) ? 0 : PAUSE);
  });
  document.addEventListener("formset:removed", () => soon(0));

  // ── The reading desk: framework and criterion together, a shortcut to add, no double submission ──

  const put = (name, pk, text) => {
    const select = form.elements[name];
    if (![...select.options].some((option) => option.value === pk)) select.add(new Option(text, pk));
    select.value = pk;
    $(select).trigger("change");
  };
  const both = document.getElementById("id_both");
  const kind = document.getElementById("id_kind");
  let kindIsMine = false;
  kind?.addEventListener("change", () => { kindIsMine = true; });

  $(both).on("select2:select", (event) => {
    const { framework, criterion } = event.params.data;
    if (framework) put("framework", String(framework[0]), framework[1]);
    else $(form.elements.framework).val(null).trigger("change");
    fetched.push(() => {
      const type = asked().type;
      if (kind && !kindIsMine) {
        if (type === "number") kind.value = "figure";
        else if (kind.value === "figure") kind.value = "capability";
        arrange();
      }
      const row = form.querySelector(`.form-row.field-${type}`);
      (row?.querySelector("input:checked:not([value=''])") ?? row?.querySelector("input, select"))?.focus();
    });
    put("criterion", String(criterion[0]), criterion[1]);
    $(both).val(null).trigger("change.select2");
  });

  if (form.id === "desk_form") {
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[name=_add]"));
      }
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
    // When the reader comes back from another page, the form can be sent again.
    addEventListener("pageshow", () => { delete form.dataset.sent; });
  }

  arrange();
});
