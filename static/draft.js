/* What is typed into a form marked data-draft="key" is kept in this browser, per user, until it has been sent well:
   until the outbox has it, or a page that follows the sending says so (a note of success).

   window.drafts: contentOf(form) → {fields, pictures}, save(form), forget(form), put(name, draft). */
(() => {
  "use strict";

  const user = document.body.dataset.user;
  const keyOf = (name) => `draft:${user}:${name}`;
  const SKIP = new Set(["csrfmiddlewaretoken", "version", "sent_key"]);
  const store = { // a browser that refuses storage simply keeps no drafts
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) { /* full or forbidden */ } },
    remove(key) { try { localStorage.removeItem(key); } catch (error) { /* forbidden */ } },
  };

  const SENT = `sent:${user}`; // the draft whose form was sent last and not touched since
  if (document.querySelector(".note-success") && store.get(SENT)) {
    store.remove(store.get(SENT));
  }
  if (!document.querySelector("[data-resume]")) store.remove(SENT); // whatever this page is, it is not the success of it

  /* Texts as [[name, value]]; pictures of the outbox as [[name, key]]. Pictures known by token only are among the texts. */
  function contentOf(form) {
    const boxes = [...form.querySelectorAll("[data-pictures]")];
    const names = new Set(boxes.map((box) => box.dataset.pictures).concat("csrfmiddlewaretoken"));
    const fields = [...new FormData(form)].filter(([name, value]) => !names.has(name) && typeof value === "string" && value !== "");
    const pictures = [];
    for (const box of boxes) {
      for (const value of window.pictures.valuesOf(box)) {
        if (value.startsWith("local:")) pictures.push([box.dataset.pictures, value.slice(6)]);
        else fields.push([box.dataset.pictures, value]);
      }
    }
    return { fields, pictures };
  }

  function save(form) {
    if (form.hidden || form.dataset.restoring) return; // the outbox has it; or its pictures are still being put back
    const { fields, pictures } = contentOf(form);
    const kept = fields.filter(([name]) => !SKIP.has(name)).concat(pictures.map(([name, key]) => [name, `local:${key}`]));
    const key = keyOf(form.dataset.draft);
    store.set(key, { at: Date.now(), fields: kept, entry: form.dataset.entry });
    if (store.get(SENT) === key) store.remove(SENT);
  }

  window.drafts = {
    contentOf,
    save,
    forget: (form) => store.remove(keyOf(form.dataset.draft)),
    put: (name, draft) => store.set(keyOf(name), draft),
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const draft = store.get(keyOf(form.dataset.draft));
    if (draft && form.dataset.fresh === "1") restore(form, draft);
    form.addEventListener("input", () => save(form));
    form.addEventListener("change", () => save(form));
    form.addEventListener("submit", () => store.set(SENT, keyOf(form.dataset.draft)));
  }

  function restore(form, draft) {
    const week = 7 * 24 * 3600 * 1000;
    if (Date.now() - draft.at > week || draft.fields.length === 0) return;
    const fields = draft.fields.filter(([name]) => !SKIP.has(name));
    if (draft.entry) form.dataset.entry = draft.entry;
    for (const tick of form.querySelectorAll("[type=checkbox], [type=radio]")) {
      tick.checked = fields.some(([name, value]) => name === tick.name && value === tick.value);
    }
    form.dataset.restoring = "1";
    restorePictures(form, fields).then(() => { delete form.dataset.restoring; save(form); });
    for (const [name, value] of fields) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (!["radio", "checkbox", "hidden"].includes(field.type)) field.value = value;
      }
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const note = document.createElement("p");
    note.className = draft.note ? "note note-error" : "note note-info";
    note.textContent = draft.note ? `上次没有办成：${draft.note} 改好后请重新提交。` : "已接着上次没提交的内容。";
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "link";
    clear.textContent = "清空重填";
    clear.addEventListener("click", () => { window.drafts.forget(form); location.reload(); });
    note.append(clear);
    form.prepend(note);
  }

  async function restorePictures(form, fields) {
    for (const [name, value] of fields) {
      const box = form.querySelector(`[data-pictures="${CSS.escape(name)}"]`);
      if (box) await window.pictures.restore(box, value);
    }
  }
})();
