/* Small helpers bound by data- attributes. Every page works without them. */
(() => {
  "use strict";

  // A form is sent once; a second press while the first is under way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !form.dataset.confirmed) {
      event.preventDefault();
      ask(question, () => { form.dataset.confirmed = "1"; form.requestSubmit(event.submitter || undefined); });
      return;
    }
    if (form.method === "post" && !("download" in form.dataset)) {
      form.dataset.sent = "1";
      for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-busy", "true");
    }
  });
  // Back to a page kept by the browser: the form may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
  });

  // A chart wider than the screen opens where today is.
  for (const pane of document.querySelectorAll("[data-show-at]")) pane.scrollLeft = pane.dataset.showAt - 0.75 * pane.clientWidth;

  window.ask = ask;
  function ask(question, then) {
    const dialog = document.getElementById("confirm");
    dialog.querySelector("p").textContent = question;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") then(); }, { once: true });
    dialog.showModal();
  }

  // Menus made of <details> close on a press elsewhere or Escape.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });
  document.addEventListener("submit", (event) => { if ("download" in event.target.dataset) closeMenus(null); });

  // A refused form opens where the first thing to change is.
  document.querySelector("main .has-error")?.scrollIntoView({ block: "center" });

  // Filters act as soon as a choice is made.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-filter] select, [data-filter] input[type=checkbox], [data-filter] input[type=date]")) {
      event.target.form.requestSubmit();
    }
    if (event.target.matches("[data-pick-all]")) {
      const boxes = document.querySelectorAll(`input[name="${event.target.dataset.pickAll}"]:not(:disabled)`);
      for (const box of boxes) box.checked = event.target.checked;
    }
    if (event.target.matches("[data-pick-place]")) {
      for (const box of picksOf(event.target)) box.checked = event.target.checked;
    }
    if (event.target.matches("[name=picked], [data-pick-all], [data-pick-place]")) countPicked();
  });
  // What is not set stays out of the address. Every filter reads a missing value as an empty one.
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-filter]")) return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  const picksOf = (place) =>
    [...document.querySelectorAll("[name=picked]")].filter((box) => box.dataset.place === place.dataset.pickPlace);
  for (const places of document.querySelectorAll("[data-pick-places]")) places.hidden = false;  // needs this script

  function countPicked() {
    const count = document.querySelectorAll("[name=picked]:checked").length;
    for (const place of document.querySelectorAll("[data-picked]")) place.textContent = count;
    for (const bar of document.querySelectorAll("[data-when-picked]")) bar.hidden = count === 0;
    for (const place of document.querySelectorAll("[data-pick-place]")) {
      const boxes = picksOf(place), ticked = boxes.filter((box) => box.checked).length;
      place.checked = ticked === boxes.length;
      place.indeterminate = ticked > 0 && !place.checked;
    }
    const left = document.querySelectorAll("[name=picked]:not(:checked):not(:disabled)").length;
    for (const all of document.querySelectorAll("[data-pick-places] [data-pick-all], .picks [data-pick-all]")) {
      all.checked = left === 0;
      all.indeterminate = left > 0 && count > 0;
    }
  }
  countPicked();

  // Parts of a form that matter only for one answer: data-when="name=value", data-when="name" (ticked), data-unless="name".
  function showWhen() {
    for (const part of document.querySelectorAll("[data-when], [data-unless]")) {
      const [name, value] = (part.dataset.when || part.dataset.unless).split("=");
      const chosen = part.closest("form").querySelector(`[name="${name}"]:checked, select[name="${name}"]`);
      const holds = value === undefined ? Boolean(chosen) : Boolean(chosen) && chosen.value === value;
      part.hidden = part.dataset.unless ? holds : !holds;
    }
  }
  document.addEventListener("change", showWhen);
  showWhen();

  // A long form on a phone asks one thing at a time. Without this script all steps stand below each other.
  for (const form of document.querySelectorAll("form[data-steps]")) walk(form);
  function walk(form) {
    const steps = [...form.querySelectorAll("[data-step]")];
    const acts = form.querySelector(":scope > .acts");
    const back = button("上一步", "btn");
    const next = button("下一步", "btn btn-primary");
    acts.prepend(back, next);
    let now = Math.max(0, steps.findIndex((step) => step.querySelector(".has-error")));
    const show = () => {
      steps.forEach((step, index) => { step.hidden = index !== now; });
      back.hidden = now === 0;
      next.hidden = now === steps.length - 1;
      acts.querySelector("button:not([type=button])").hidden = now < steps.length - 1;
    };
    const go = (to) => { now = to; show(); steps[now].scrollIntoView({ block: "nearest" }); };
    form.addEventListener("needs-look", (event) => go(steps.findIndex((step) => step.contains(event.target))));
    back.addEventListener("click", () => go(now - 1));
    next.addEventListener("click", () => {
      const asked = [...steps[now].querySelectorAll("input, select, textarea")].filter((field) => !field.closest("[hidden]"));
      const wrong = asked.find((field) => !field.checkValidity());
      if (wrong) wrong.reportValidity(); else go(now + 1);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && now < steps.length - 1) { event.preventDefault(); next.click(); }
    });
    steps.forEach((step, index) => step.querySelector("legend").append(` (${index + 1}/${steps.length})`));
    show();
  }
  function button(text, classes) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = classes;
    made.textContent = text;
    return made;
  }

  // A text that is nearly full says so: the browser just stops taking characters.
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("textarea[maxlength]")) return;
    let line = field.nextElementSibling;
    if (!line || !line.matches(".left")) {
      line = document.createElement("p");
      line.className = "left fine";
      line.setAttribute("role", "status");
      field.after(line);
    }
    const left = field.maxLength - field.value.length;
    line.textContent = left > field.maxLength / 10 ? "" : left ? `还可输入 ${left} 字` : `已满 ${field.maxLength} 字，不能再输入`;
  });

  // A long list in a form shows only the lines that hold what is typed; what is ticked stays in sight.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const wanted = event.target.value.trim();
    for (const label of document.querySelectorAll(event.target.dataset.narrow)) {
      label.parentElement.hidden = !label.textContent.includes(wanted) && !label.querySelector(":checked");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-narrow]")) event.preventDefault(); // it is no answer to send
  });

  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
})();
