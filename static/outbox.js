/* The outbox: pictures and forms wait in this browser (IndexedDB) until the server has said that it has them.

   A picture goes up in pieces under a key of its own (campaign_portal/files/views.py, upload) and counts as arrived when
   the server names the same SHA-256. A form marked data-outbox="title" goes when all its pictures have arrived; its key
   makes a second sending harmless. Everything belongs to a user, and is sent only in that user's session.

   window.outbox: ready (promise: can this browser keep things?), add(file), picture(key), drop(key), retry();
   document hears "outbox" whenever something changes. */
(() => {
  "use strict";

  const user = document.body.dataset.user;
  const PIECE = 64 * 1024; // what a cut costs at most
  const PATIENCE = 45000; // milliseconds for one piece to be answered
  const FIRST_PAUSE = 1000; // milliseconds before trying again; doubled each time, up to a minute
  const DAY = 24 * 3600 * 1000;
  const FINAL = [403, 404, 409, 422]; // the server has looked at the form and does not take it
  let problem = ""; // "" | "waiting" (no connection) | "sign-in"
  let sending = null; // key of the picture, or id of the form, that is on its way
  let usable = false;

  // Storage

  const database = new Promise((resolve) => {
    if (!user || !window.indexedDB) { resolve(null); return; }
    try {
      const opening = indexedDB.open("outbox", 1);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore("pictures", { keyPath: "key" });
        opening.result.createObjectStore("entries", { keyPath: "id" });
      };
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => resolve(null);
    } catch (error) { resolve(null); }
  });

  /* Run act(store) in a transaction of its own; resolves, once it is on disk, to what the last request gave. */
  async function within(name, mode, act) {
    const db = await database;
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(name, mode);
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
  const get = (name, key) => within(name, "readonly", (store) => store.get(key)).then(mine);
  const put = (name, row) => within(name, "readwrite", (store) => store.put(row));
  const remove = (name, key) => within(name, "readwrite", (store) => store.delete(key));
  const mine = (row) => (row && row.user === user ? row : undefined);
  const all = async (name) => {
    const rows = await within(name, "readonly", (store) => store.getAll());
    return rows.filter(mine).sort((one, other) => one.at - other.at);
  };
  /* Change a row, unless somebody has removed it meanwhile. */
  const update = (name, key, changes) => within(name, "readwrite", (store) => {
    const request = store.get(key);
    request.onsuccess = () => { if (request.result) store.put(Object.assign(request.result, changes)); };
    return request;
  });
  const changed = () => document.dispatchEvent(new CustomEvent("outbox"));

  // Pictures

  async function add(file) {
    const { bytes, type } = await shrink(file);
    const picture = { key: uuid(), user, name: file.name, bytes, type, sha256: await fingerprint(bytes), at: Date.now() };
    await put("pictures", picture);
    flush();
    return picture;
  }

  async function drop(key) {
    await remove("pictures", key);
    changed();
  }

  const stateOf = (picture) => {
    if (picture.token) return { word: "已送达", name: "arrived" };
    if (picture.refused) return { word: picture.refused, name: "refused" };
    return picture.key === sending ? { word: "正在发送", name: "sending" } : { word: "等待信号", name: "waiting" };
  };

  // Sending. An Error that `stops` is about the line or the session, so nothing else needs trying now.

  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
  const later = (reason, stops) => Object.assign(new Error(reason), { stops });

  async function ask(url, options) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE);
    const headers = Object.assign(
      { Accept: "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch", "X-Portal-User": user },
      options.headers,
    );
    try {
      const settings = { credentials: "same-origin", redirect: "manual", signal: control.signal, headers };
      const response = await fetch(url, Object.assign({}, options, settings));
      if (response.status === 401 || response.type === "opaqueredirect") throw later("sign-in", true);
      const text = await response.text();
      return { status: response.status, told: text[0] === "{" ? JSON.parse(text) : {} };
    } catch (error) {
      throw error.stops ? error : later("waiting", true);
    } finally {
      clearTimeout(timer);
    }
  }

  async function sendPicture(picture) {
    sending = picture.key;
    changed();
    const where = `/files/uploads/${picture.key}/`;
    let told = picture.begun ? (await ask(where, { method: "GET" })).told : { offset: 0 };
    if (!picture.begun) await update("pictures", picture.key, { begun: true });
    while (!told.token) {
      const from = told.offset || 0;
      const answer = await ask(where, {
        method: "PUT",
        body: picture.bytes.slice(from, from + PIECE),
        headers: {
          "Content-Type": "application/octet-stream",
          "Upload-Offset": from,
          "Upload-Length": picture.bytes.byteLength,
          "Upload-Sha256": picture.sha256,
          "Upload-Name": encodeURIComponent(picture.name),
        },
      });
      told = answer.told;
      if ((answer.status === 422 || answer.status === 413) && !told.again) {
        await update("pictures", picture.key, { refused: told.error || "这张照片没有被接受，请换一张。" });
        return;
      }
      if (answer.status !== 409 && (answer.status !== 200 || !(told.token || told.offset > from))) throw later("waiting");
      pause = FIRST_PAUSE; // something got on
    }
    if (told.sha256 !== picture.sha256) throw later("waiting");
    await update("pictures", picture.key, { token: told.token, url: told.url, arrived: Date.now() });
  }

  async function sendEntry(entry) {
    const pictures = await Promise.all(entry.pictures.map(([, key]) => get("pictures", key)));
    if (pictures.some((picture) => !picture)) return refuse(entry, ["有照片已不在这台手机上，请打开修改，重新拍照。"]);
    const bad = pictures.filter((picture) => picture.refused);
    if (bad.length) return refuse(entry, bad.map((picture) => picture.refused));
    if (pictures.some((picture) => !picture.token)) return undefined;
    sending = entry.id;
    changed();
    const body = new URLSearchParams();
    entry.fields.forEach(([name, value]) => body.append(name, value));
    entry.pictures.forEach(([name], index) => body.append(name, pictures[index].token));
    await update("entries", entry.id, { tried: true });
    const { status, told } = await ask(entry.action, { method: "POST", body, headers: { "X-Portal-Outbox": entry.id } });
    if (told.outcome === "refused" && FINAL.indexOf(status) >= 0) return refuse(entry, told.errors, status);
    if (told.outcome !== "done") throw later("waiting");
    await update("entries", entry.id, { state: "done", url: told.url, said: told.said, at: Date.now(), fields: [], pictures: [] });
    await Promise.all(pictures.map((picture) => remove("pictures", picture.key)));
    return arrivedHere(entry, told.url);
  }

  const refuse = (entry, errors, status) => update("entries", entry.id, { state: "refused", errors, status });

  async function sendAll() {
    let failed = null;
    const each = async (rows, send) => {
      for (const row of rows) {
        try {
          await send(row);
        } catch (error) {
          if (error.stops) throw error;
          failed = error;
        }
      }
    };
    const pictures = await all("pictures");
    // A picture that arrived a day ago is asked for again: the server forgets after a week what no form has claimed.
    await each(pictures.filter((one) => !one.refused && !(one.token && Date.now() - one.arrived < DAY)), sendPicture);
    await each((await all("entries")).filter((entry) => entry.state === "waiting"), sendEntry);
    if (failed) throw failed;
  }

  let running = false;
  let again = false;
  let pause = FIRST_PAUSE;
  let timer = 0;

  async function flush() {
    if (!usable) return;
    if (running) { again = true; return; }
    running = true;
    clearTimeout(timer);
    try {
      do { again = false; await sendAll(); } while (again);
      problem = "";
    } catch (error) {
      problem = error.message === "sign-in" ? "sign-in" : "waiting";
      if (problem === "waiting") timer = setTimeout(flush, pause); // a sign-in is a page of its own, which comes here anew
      pause = Math.min(pause * 2, 60000);
    }
    running = false;
    sending = null;
    changed();
  }

  function retry() {
    pause = FIRST_PAUSE;
    flush();
  }
  addEventListener("online", retry);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) retry(); });

  // Forms

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!usable || !form.matches("form[data-outbox]")) return;
    event.preventDefault();
    event.stopPropagation(); // the form does not leave, so it is not "sent" for anybody else
    if (!form.hidden && isComplete(form)) submit(form);
  }, true);

  function isComplete(form) {
    const field = [...form.elements].find((one) => !one.closest("[data-when][hidden], [data-unless][hidden]") && !one.checkValidity());
    if (field) {
      field.dispatchEvent(new Event("needs-look", { bubbles: true })); // a form in steps turns to this one
      field.reportValidity();
      return false;
    }
    const empty = [...form.querySelectorAll("[data-pictures][data-required]")].find((box) => !box.querySelector("figure"));
    if (empty) {
      empty.dispatchEvent(new Event("needs-look", { bubbles: true }));
      window.pictures.complain(empty, "请至少附一张照片。");
    }
    return !empty;
  }

  async function submit(form) {
    const entry = {
      id: form.dataset.entry || uuid(), user, at: Date.now(), state: "waiting",
      title: form.dataset.outbox, draft: form.dataset.draft, action: form.action, page: pageOf(form),
    };
    const place = element("div", "", "正在准备照片…");
    place.setAttribute("role", "status");
    form.hidden = true;
    form.parentNode.insertBefore(place, form.nextSibling); // form.after may be a field of that name
    await window.pictures.prepared();
    const lost = window.pictures.unready(form);
    if (lost) { // no room for this photo on the phone, and no line either
      form.hidden = false;
      place.remove();
      lost.dispatchEvent(new Event("needs-look", { bubbles: true }));
      return;
    }
    Object.assign(entry, window.drafts.contentOf(form), { about: aboutOf(form) });
    here = { id: entry.id, form, place };
    try {
      await put("entries", entry);
    } catch (error) { // full: as it would be without an outbox
      sendPlainly();
      return;
    }
    window.drafts.forget(form);
    retry();
  }

  /* Where the form can be opened empty: a page that shows errors has lost the query string of its first address. */
  function pageOf(form) {
    const facility = form.querySelector("input[type=hidden][name=facility]");
    return location.pathname + (location.search || (facility ? `?facility=${facility.value}` : ""));
  }

  /* The beginning of what was written, to tell apart two forms of one title. */
  function aboutOf(form) {
    const text = form.querySelector("textarea");
    return text ? text.value.trim().slice(0, 30) : "";
  }

  let here = null; // the form that was sent from this page, and where its state is shown

  function arrivedHere(entry, url) {
    if (here && here.id === entry.id) location.assign(url);
    else note(`${entry.title} 已发送。`, "查看", url);
  }

  /* Refused while the form is still on the screen: the server's own page shows each mistake beside its field. */
  async function sendPlainly() {
    const { id, form, place } = here;
    here = null;
    place.remove();
    form.hidden = false;
    window.drafts.save(form);
    await remove("entries", id).catch(() => {});
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    token.value = csrf() || token.value;
    form.submit();
  }

  function note(text, link, url) {
    const notes = document.querySelector(".notes");
    if (!notes) return;
    const line = element("p", "note note-success", text);
    line.append(" ", anchor(link, url));
    notes.append(line);
  }

  // Showing

  const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text || "" });
  const anchor = (text, href, className) => Object.assign(element("a", className || "", text), { href });
  const button = (text, act, className) => {
    const made = element("button", className || "btn", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  async function show() {
    const entries = await all("entries");
    const pictures = await all("pictures");
    if (here) {
      const entry = entries.find((one) => one.id === here.id);
      if (entry && [409, 422].indexOf(entry.status) >= 0) { sendPlainly(); return; }
      here.place.textContent = "";
      if (entry) here.place.append(card(entry, pictures));
    }
    for (const list of document.querySelectorAll("[data-outbox-list]")) fill(list, entries, pictures);
    for (const badge of document.querySelectorAll("[data-outbox-badge]")) {
      const waiting = entries.filter((entry) => entry.state !== "done").length;
      badge.hidden = waiting === 0;
      badge.querySelector("b").textContent = waiting;
    }
  }
  document.addEventListener("outbox", show);

  function card(entry, pictures) {
    const box = element("section", `waiting-form is-${entry.state}`);
    box.append(element("h2", "", entry.title), element("p", "about", entry.about), element("p", "words", wordsOf(entry)));
    (entry.errors || []).forEach((error) => box.append(element("p", "note note-error", error)));
    if (entry.pictures.length) {
      const own = entry.pictures.map(([, key]) => pictures.find((picture) => picture.key === key)).filter(Boolean);
      const arrived = own.filter((picture) => picture.token).length;
      box.append(element("p", "count", `照片已送达 ${arrived}/${entry.pictures.length}`));
      const list = element("ul", "picture-states");
      own.forEach((picture, index) => list.append(element("li", `is-${stateOf(picture).name}`, `第 ${index + 1} 张：${stateOf(picture).word}`)));
      box.append(list);
    }
    const acts = element("p", "acts");
    if (entry.state === "done") acts.append(anchor("查看", entry.url, "btn btn-primary"));
    if (entry.state === "waiting" && problem === "sign-in") {
      acts.append(anchor("去登录", `/accounts/sign-in/?next=${encodeURIComponent("/outbox/")}`, "btn btn-primary"));
    }
    if (entry.state === "waiting") acts.append(button("立即重试", retry));
    if (entry.state === "refused") acts.append(button("打开修改", () => open(entry), "btn btn-primary"));
    acts.append(entry.state === "done" ? button("知道了", () => discard(entry)) : button("删除", () => confirmDiscard(entry)));
    box.append(acts);
    return box;
  }

  function wordsOf(entry) {
    if (entry.state === "done") return entry.said || "已送达。点“查看”看编号和接下来要做的事。";
    if (entry.state === "refused") return "没有办成，内容都还在。请打开修改后重新提交。";
    if (problem === "sign-in") return "已存在本机。请登录后继续发送。";
    if (problem === "waiting") return "已存在本机，有信号后自动发送。可以先做别的事，不要清除浏览器数据。";
    return "已存在本机，正在发送…";
  }

  function open(entry) {
    const fields = entry.fields.concat(entry.pictures.map(([name, key]) => [name, `local:${key}`]));
    window.drafts.put(entry.draft, { at: Date.now(), fields, entry: entry.id, note: (entry.errors || []).join("；") });
    location.assign(entry.page);
  }

  function confirmDiscard(entry) {
    const maybe = entry.tried && entry.state === "waiting" ? "它可能已经送到，请先在台账里核对。" : "";
    window.ask(`删除“${entry.title}”？填写的内容和照片都会从本机删掉。${maybe}`, () => discard(entry));
  }

  async function discard(entry) {
    await remove("entries", entry.id);
    await Promise.all(entry.pictures.map(([, key]) => remove("pictures", key)));
    if (here && here.id === entry.id) location.reload();
    changed();
  }

  async function fill(list, entries, pictures) {
    list.textContent = "";
    const groups = [["", entries.filter((entry) => entry.state !== "done")], ["已送达", entries.filter((entry) => entry.state === "done")]];
    for (const [title, rows] of groups) {
      if (title && rows.length) list.append(element("h2", "group-title", title));
      rows.forEach((entry) => list.append(card(entry, pictures)));
    }
    if (!entries.length) list.append(element("p", "empty", "没有等待发送的内容。信号不好时提交的表单会先存在这里，有信号后自动发送。"));
    const kept = window.caches ? await (await caches.open("pages")).keys().catch(() => []) : [];
    const forms = kept.map((request) => request.url).filter((url) => !/\/outbox\/$/.test(url));
    const box = document.querySelector("[data-offline-forms]");
    box.hidden = forms.length === 0;
    const links = box.querySelector("ul");
    const titles = await Promise.all(forms.map(titleOf));
    links.textContent = "";
    forms.forEach((url, index) => {
      const item = element("li");
      item.append(anchor(titles[index], url));
      links.append(item);
    });
  }

  async function titleOf(url) {
    const page = new DOMParser().parseFromString(await (await caches.match(url, { ignoreVary: true })).text(), "text/html");
    return [...page.querySelectorAll(".head h1, .head .sub")].map((part) => part.textContent.trim()).join(" · ");
  }

  // What the phone keeps for when there is no signal (static/sw.js answers with it). Plain HTTP has no such thing.

  async function prepareOffline() {
    if (!("serviceWorker" in navigator) || !document.querySelector("[data-outbox-badge]")) return;
    await navigator.serviceWorker.register("/sw.js");
    const seen = localStorage.getItem("offline-user");
    if (seen !== user) await caches.delete("pages"); // somebody else's forms
    localStorage.setItem("offline-user", user);
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.href || one.src);
    const shell = await caches.open("shell");
    for (const file of files) if (!(await shell.match(file))) await shell.add(file);
    const kept = await shell.keys(); // hashed names of older versions, which an older copy of a page may still need
    for (const old of kept.slice(0, Math.max(0, kept.length - 50))) await shell.delete(old);
    const pages = await caches.open("pages");
    if (!(await pages.match("/outbox/", { ignoreVary: true }))) await pages.add("/outbox/");
  }

  function markOfflineCopy() {
    if (!document.body.dataset.offline) return;
    const isForm = document.querySelector("form[data-outbox]");
    const note = element("p", "note note-warning", isForm
      ? "离线打开：现在没有信号，这是上次打开时的页面。可以照常填写、拍照、提交，有信号后自动发送。"
      : "离线打开：现在没有信号。下面是存在这台设备上的内容，有信号后自动发送。");
    document.querySelector(".notes").append(note);
    if (!isForm) addEventListener("online", () => note.remove(), { once: true });
    for (const key of document.querySelectorAll("[name=sent_key]")) key.value = uuid(); // each opening is a form of its own
    const now = new Date();
    const today = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    for (const day of document.querySelectorAll("input[type=date][max]")) {
      if (day.value === day.max) day.value = today;
      day.max = today;
    }
  }

  async function tidy() {
    const entries = await all("entries");
    const needed = new Set([].concat(...entries.map((entry) => entry.pictures.map(([, key]) => key))));
    const isOld = (row, days) => Date.now() - row.at > days * DAY;
    for (const entry of entries) if (entry.state === "done" && isOld(entry, 3)) await remove("entries", entry.id);
    for (const picture of await all("pictures")) {
      if (!needed.has(picture.key) && isOld(picture, 8)) await remove("pictures", picture.key); // drafts live a week
    }
  }

  window.outbox = {
    ready: database.then(Boolean),
    add, drop, retry, stateOf,
    picture: (key) => get("pictures", key),
  };

  markOfflineCopy();
  window.outbox.ready.then(async (isReady) => {
    usable = isReady;
    if (!isReady) return;
    await tidy();
    changed();
    flush();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  });
  if (user) addEventListener("load", () => prepareOffline().catch(() => {})); // it works online all the same
})();
