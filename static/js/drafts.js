// Nothing typed is lost: what is typed into a form is kept in this browser until it is saved, and offered when the form
// is opened again: after a login, a lost connection, a form that was too old, a closed window. Before a page with
// unsaved changes is left, the browser asks.
// Storage: `draft:<user>:<address>#<form>` holds a list of {id, at, rows}; each opened form writes one of its own. Which
// one was sent from this window stands in the storage of its session, and is removed once a page says that it was saved.
'use strict';
(() => {
  const user = document.currentScript.dataset.user;
  if (!user) return;
  const PAUSE = 400, MOST = 3, DAYS = 30, PREFIX = `draft:${user}:`, SENT = `sent:${user}`;
  const SKIPPED = /^(csrfmiddlewaretoken|find|preview_of|_.*|.*__prefix__.*)$/;

  // ── Storage: not every browser has one, and it may be full ──

  const tried = (act, otherwise) => {
    try { return act(); } catch { return otherwise; }
  };
  const read = (key) => tried(() => JSON.parse(localStorage.getItem(key)) ?? [], []);
  const write = (key, drafts) => tried(() => {
    if (drafts.length) localStorage.setItem(key, JSON.stringify(drafts));
    else localStorage.removeItem(key);
  });
  const remove = (key, id) => write(key, read(key).filter((draft) => draft.id !== id));

  const forgetOld = () => tried(() => {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith("draft:"))) {
      write(key, read(key).filter((draft) => Date.now() - draft.at < DAYS * 86_400_000));
    }
  });

  // ── What a form holds ──

  // Rows of name, value and, for a choice, its words: the list that an autocomplete offers is fetched later.
  const rowsOf = (form) => [...form.elements].flatMap((field) => {
    if (!field.name || SKIPPED.test(field.name) || field.type === "submit" || field.type === "button") return [];
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked ? [[field.name, field.value, field.closest("label")?.textContent.trim() ?? ""]] : [];
    }
    if (field.tagName === "SELECT") return [...field.selectedOptions].map((one) => [field.name, one.value, one.text]);
    return [[field.name, field.value]];
  });
  // Rows that were added beneath a record change its count; what a form was read from is no change of its own.
  const IS_TYPED = (name) => !name.startsWith("initial-") && !/(_FORMS|read_version)$/.test(name);
  const stated = (rows) => JSON.stringify(
    rows.filter(([name, value]) => IS_TYPED(name) && value !== "").map(([name, value]) => [name, value]).sort());

  // The version that was read and the counts of rows are put back too: if somebody saved the record meanwhile, saving it
  // leads to the page that shows both texts.
  const put = (form, rows) => {
    const wanted = new Map();
    for (const [name, ...row] of rows) wanted.set(name, [...(wanted.get(name) ?? []), row]);
    for (const [name, [[total]]] of wanted) {
      const group = name.endsWith("-TOTAL_FORMS") && document.getElementById(name.replace("-TOTAL_FORMS", "-group"));
      for (let more = group ? total - form.elements[name].value : 0; more > 0; more--) group.querySelector(".add-row a")?.click();
    }
    const places = new Map();  // several hidden fields may have one name
    for (const field of form.elements) {
      if (!field.name || SKIPPED.test(field.name) || ["submit", "button", "file"].includes(field.type)) continue;
      const given = wanted.get(field.name), place = places.get(field.name) ?? 0;
      places.set(field.name, place + 1);
      if (field.type === "checkbox" || field.type === "radio") field.checked = (given ?? []).some(([value]) => value === field.value);
      else if (field.tagName === "SELECT") {
        for (const [value, words] of given ?? []) {
          if (![...field.options].some((option) => option.value === value)) field.add(new Option(words, value));
        }
        for (const option of field.options) option.selected = (given ?? []).some(([value]) => value === option.value);
        window.django?.jQuery(field).trigger("change");
      } else if (given?.[place]) field.value = given[place][0];
    }
    // The levels of a criterion are listed once it is known: see writing.js, which keeps the one that is chosen.
    const levels = document.getElementById("level-options"), [level] = wanted.get("level") ?? [];
    if (levels && level?.[0] && !levels.querySelector("input:checked")) {
      const label = document.createElement("label"), radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "level", value: level[0], checked: true });
      label.append(radio, ` ${level[1]}`);
      levels.prepend(label);
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // ── One form ──

  let leaving = false;
  const watched = [];

  const watch = (form, place, sent) => {
    const key = `${PREFIX}${location.pathname}#${form.id || place}`;
    const isUnsaved = "unsaved" in form.dataset || form.querySelector(".errornote, .errorlist") !== null;
    const first = stated(rowsOf(form));
    let timer, id = isUnsaved && sent?.key === key ? sent.id : `${Date.now()}-${Math.random()}`;
    const isChanged = () => isUnsaved || stated(rowsOf(form)) !== first;
    const keep = () => {
      clearTimeout(timer);
      const others = read(key).filter((draft) => draft.id !== id);
      const own = isChanged() ? [{ id, at: Date.now(), rows: rowsOf(form) }] : [];
      write(key, [...own, ...others].slice(0, MOST));
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    window.django?.jQuery(form).on("change", soon);  // the autocompletes report a choice only through jQuery
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      leaving = true;
      keep();
      tried(() => sessionStorage.setItem(SENT, JSON.stringify({ key, id })));
    });
    watched.push({ isChanged, keep: () => { if (isChanged()) keep(); } });
    if (isUnsaved) keep();
    else offer(form, key, first, (draft) => { id = draft.id; });
  };

  const offer = (form, key, first, adopt) => {
    const pattern = document.getElementById("draft-offer").content.firstElementChild;
    for (const draft of read(key)) {
      if (stated(draft.rows) === first) {
        remove(key, draft.id);
        continue;
      }
      const bar = pattern.cloneNode(true);
      const when = bar.querySelector("time");
      when.dateTime = new Date(draft.at).toISOString();
      when.textContent = new Date(draft.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
      const here = new Set(rowsOf(form).map(([name, value]) => `${name}=${value}`));
      const texts = draft.rows.filter(([name, value]) => IS_TYPED(name) && !here.has(`${name}=${value}`)).map(([, value, words]) => words || value);
      const text = texts.sort((a, b) => b.length - a.length)[0] ?? "";
      bar.querySelector("q").textContent = text.length > 80 ? `${text.slice(0, 80)}…` : text;
      bar.querySelector("[data-put-back]").addEventListener("click", () => {
        adopt(draft);
        put(form, draft.rows);
        bar.remove();
        form.querySelector("textarea, input:not([type=hidden])")?.focus();
      });
      bar.querySelector("[data-discard]").addEventListener("click", () => {
        remove(key, draft.id);
        bar.remove();
      });
      form.before(bar);
    }
  };

  // ── The page ──

  const sent = tried(() => JSON.parse(sessionStorage.getItem(SENT)), null);

  // As soon as the page is there: an editor may go on before its last script has come.
  const forgetSaved = () => {
    // What is sent again after a login is still the form of before.
    if (!document.querySelector("form[data-again]")) tried(() => sessionStorage.removeItem(SENT));
    // An error or a refusal beside it says that this is not the form that was saved.
    if (sent && document.querySelector(".messagelist .success, .messagelist .info") && !document.querySelector("#content .errornote")) remove(sent.key, sent.id);
  };

  const begin = () => {
    forgetOld();
    [...document.querySelectorAll("#content form[method=post]:not(#changelist-form)")].forEach((form, place) => {
      const isTyped = form.querySelector("textarea, input[type=text], input[type=url], input[type=number]");
      if (isTyped && !form.querySelector("input[type=password], input[type=file]")) watch(form, place, sent);
    });
  };

  forgetSaved();
  // After the scripts of the forms have drawn their fields.
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);

  addEventListener("beforeunload", (event) => {
    if (!leaving && watched.some((one) => one.isChanged())) event.preventDefault();
  });
  addEventListener("pagehide", () => { if (!leaving) watched.forEach((one) => one.keep()); });
  addEventListener("pageshow", () => { leaving = false; });
})();
