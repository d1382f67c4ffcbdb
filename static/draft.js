/* What is typed into a form marked data-draft="key" is kept in this browser, per user, until it has been sent well:
   until a page that follows the sending says so (a note of success). Pictures are kept by their tokens. */
(() => {
  "use strict";

  const user = document.body.dataset.user;
  const keyOf = (name) => `draft:${user}:${name}`;
  const SKIP = new Set(["csrfmiddlewaretoken", "version", "sent_key"]);
  const store = { // a browser that refuses storage simply keeps no drafts
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };

  const SENT = `sent:${user}`; // the draft whose form was sent last and not touched since
  if (document.querySelector(".note-success") && store.get(SENT)) {
    store.remove(store.get(SENT));
  }
  if (!document.querySelector("[data-resume]")) store.remove(SENT); // whatever this page is, it is not the success of it

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = keyOf(form.dataset.draft);
    const draft = store.get(key);
    if (draft && form.dataset.fresh === "1") restore(form, draft, key);
    const save = () => {
      store.set(key, { at: Date.now(), fields: fieldsOf(form) });
      if (store.get(SENT) === key) store.remove(SENT);
    };
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    form.addEventListener("submit", () => store.set(SENT, key));
  }

  function fieldsOf(form) {
    return [...new FormData(form)].filter(([name, value]) => !SKIP.has(name) && typeof value === "string" && value !== "");
  }

  function restore(form, draft, key) {
    const week = 7 * 24 * 3600 * 1000;
    if (Date.now() - draft.at > week || draft.fields.length === 0) return;
    for (const tick of form.querySelectorAll("[type=checkbox], [type=radio]")) {
      tick.checked = draft.fields.some(([name, value]) => name === tick.name && value === tick.value);
    }
    for (const [name, value] of draft.fields) {
      const box = form.querySelector(`[data-pictures="${CSS.escape(name)}"]`);
      if (box) { addToken(box, value); continue; }
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type !== "radio" && field.type !== "checkbox") field.value = value;
      }
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const note = document.createElement("p");
    note.className = "note note-info";
    note.textContent = "已接着上次没提交的内容。";
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "link";
    clear.textContent = "清空重填";
    clear.addEventListener("click", () => { store.remove(key); location.reload(); });
    note.append(clear);
    form.prepend(note);
  }

  function addToken(box, token) {
    const figure = document.createElement("figure");
    figure.className = "thumb";
    const image = document.createElement("img");
    image.alt = "上次已收到的照片";
    image.src = `/files/pending/${encodeURIComponent(token)}/`;
    image.addEventListener("error", () => figure.remove());
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = box.dataset.pictures;
    input.value = token;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.dataset.drop = "";
    drop.setAttribute("aria-label", "去掉这张");
    drop.textContent = "×";
    figure.append(image, input, drop);
    box.querySelector(".taken").append(figure);
  }
})();
