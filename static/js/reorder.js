// The frameworks and criteria of a comparison are put in order by buttons and by dragging; without this file by numbers.
// The rows keep their names; only their places on the page and their numbers change. inlines.js counts rows by their
// places when one is removed, so they go back to the order of their names for that moment.
'use strict';
addEventListener("load", () => {
  const words = document.getElementById("reorder-words")?.dataset;
  if (!words) return;

  const handle = (group) => {
    const prefix = group.id.replace(/-group$/, "");
    const rows = () => [...group.querySelectorAll(`.inline-related[id^="${prefix}-"], tr.form-row[id^="${prefix}-"]`)]
      .filter((row) => !row.classList.contains("empty-form"));
    if (!group.querySelector(`[name$="-order"]`)) return;
    const number = (row) => row.querySelector(`[name^="${prefix}-"][name$="-order"]`);
    const place = (row) => Number(row.id.slice(prefix.length + 1));
    const said = document.createElement("p");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    group.append(said);

    const nameOf = (row) => row.querySelector("select:not([multiple])")?.selectedOptions[0]?.text.trim() || row.querySelector(".inline_label, .original")?.textContent.trim() || "–";
    const label = () => {
      for (const row of rows()) {
        for (const button of row.querySelectorAll(".reorder [data-way]")) {
          button.setAttribute("aria-label", `${button.dataset.way === "-1" ? words.up : words.down}: ${nameOf(row)}`);
        }
      }
    };
    const arrange = (order) => {
      const before = [...rows()];
      const mark = document.createComment("");
      before[0]?.before(mark);
      for (const row of order) mark.before(row);
      mark.remove();
    };
    const count = () => rows().forEach((row, at) => { number(row).value = at + 1; });
    const settle = (row) => {
      count();
      label();
      const all = rows();
      said.textContent = words.place.replace("%name%", nameOf(row)).replace("%n%", all.indexOf(row) + 1).replace("%all%", all.length);
      group.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
    };
    const move = (row, to) => {
      const order = rows().filter((one) => one !== row);
      order.splice(Math.max(0, Math.min(to, order.length)), 0, row);
      arrange(order);
      settle(row);
    };
    const sort = () => arrange(rows().sort((a, b) => Number(number(a).value) - Number(number(b).value)));

    let dragged = null;
    const equip = (row) => {
      if (row.querySelector(".reorder")) return;
      const tools = document.createElement("span");
      tools.className = "reorder";
      const grip = document.createElement("span");
      Object.assign(grip, { className: "grip", draggable: true, textContent: "⠿", title: words.drag });
      grip.setAttribute("aria-hidden", "true");
      grip.addEventListener("dragstart", (event) => {
        dragged = row;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.setDragImage(row, 0, 0);
        row.classList.add("dragged");
      });
      grip.addEventListener("dragend", () => {
        row.classList.remove("dragged");
        dragged = null;
      });
      tools.append(grip);
      for (const [way, sign] of [[-1, "↑"], [1, "↓"]]) {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", textContent: sign });
        button.dataset.way = way;
        button.addEventListener("click", () => {
          move(row, rows().indexOf(row) + way);
          button.focus();
        });
        tools.append(button);
      }
      number(row).after(tools);
    };
    group.addEventListener("dragover", (event) => {
      const row = dragged && event.target.closest(".inline-related, tr.form-row");
      if (!row || !rows().includes(row)) return;
      event.preventDefault();
      const { top, height } = row.getBoundingClientRect();
      if (row === dragged) return;
      if (event.clientY < top + height / 2) row.before(dragged);
      else row.after(dragged);
    });
    group.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      settle(dragged);
    });

    // A row that is removed: inlines.js names the others by their places.
    group.addEventListener("click", (event) => {
      if (!event.target.closest(".inline-deletelink")) return;
      arrange(rows().sort((a, b) => place(a) - place(b)));
      setTimeout(() => { sort(); label(); });
    }, true);
    group.addEventListener("formset:added", (event) => {
      equip(event.target);
      number(event.target).value = Math.max(0, ...rows().filter((row) => row !== event.target).map((row) => Number(number(row).value))) + 1;
      label();
    });
    // Text that was kept is put back: see drafts.js.
    group.closest("form").addEventListener("input", (event) => { if (event.target === event.currentTarget) sort(); });
    group.addEventListener("change", label);
    rows().forEach(equip);
    label();
  };

  for (const group of document.querySelectorAll("#columns-group, #rows-group")) handle(group);
});
