/* The boxes for pictures. A chosen picture goes into the outbox and from there to the server while the form is filled in;
   the form carries the token of each that has arrived. A browser that cannot keep pictures sends them straight away.
   Without this script the form sends the files themselves. */
(() => {
  "use strict";

  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1]
    || document.querySelector("[name=csrfmiddlewaretoken]").value;

  let preparing = Promise.resolve(); // one after the other: a phone has little memory

  for (const box of document.querySelectorAll("[data-pictures]")) {
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      const figures = files.map((file) => place(box, URL.createObjectURL(file), file.name));
      preparing = takeIn(box, figures, files, preparing);
    });
    box.addEventListener("click", (event) => {
      if (!event.target.matches("[data-drop]")) return;
      const figure = event.target.closest("figure");
      if (figure.dataset.key) window.outbox.drop(figure.dataset.key);
      figure.remove();
      count(box);
      changed(box);
    });
  }

  async function takeIn(box, figures, files, earlier) {
    await earlier;
    const isKept = await window.outbox.ready;
    for (const [index, file] of files.entries()) {
      if (!figures[index].isConnected) continue; // taken away meanwhile
      if (isKept) await keep(box, figures[index], file);
      else await send(box, figures[index], file);
    }
  }

  function place(box, source, alt) {
    const figure = document.createElement("figure");
    figure.className = "thumb is-waiting";
    const image = document.createElement("img");
    image.alt = alt;
    image.src = source;
    const word = document.createElement("figcaption");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.dataset.drop = "";
    drop.setAttribute("aria-label", "去掉这张");
    drop.textContent = "×";
    figure.append(image, word, drop);
    box.querySelector(".taken").append(figure);
    return figure;
  }

  function accept(box, figure, told) {
    figure.className = "thumb is-arrived";
    if (figure.querySelector("input")) return;
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = box.dataset.pictures;
    token.value = told.token;
    figure.append(token);
    count(box);
    changed(box);
  }

  function count(box) {
    const all = box.querySelectorAll("figure").length;
    const arrived = box.querySelectorAll("figure input[type=hidden]").length;
    say(box, all ? `已送达 ${arrived}/${all}` : "");
  }

  function say(box, text, isError) {
    const line = box.querySelector(".say");
    line.textContent = text;
    line.classList.toggle("is-error", Boolean(isError));
  }

  const changed = (box) => box.dispatchEvent(new Event("change", { bubbles: true }));

  // With the outbox

  async function keep(box, figure, file) {
    try {
      const picture = await window.outbox.add(file);
      if (!figure.isConnected) { window.outbox.drop(picture.key); return; }
      figure.dataset.key = picture.key;
      changed(box); // the draft knows it from now on
      follow(box, figure);
    } catch (error) { // no room left on this phone
      await send(box, figure, file);
    }
  }

  async function follow(box, figure) {
    const picture = await window.outbox.picture(figure.dataset.key);
    if (!picture || !figure.isConnected) return;
    const state = window.outbox.stateOf(picture);
    figure.querySelector("figcaption").textContent = state.name === "refused" ? "" : state.word;
    if (state.name === "refused" && box.closest("form").hidden) return; // sent: its outbox entry says so
    if (state.name === "refused") refuse(box, figure, state.word);
    else if (state.name === "arrived") accept(box, figure, picture);
    else { figure.className = `thumb is-${state.name}`; count(box); }
  }

  document.addEventListener("outbox", () => {
    for (const figure of document.querySelectorAll("figure[data-key]")) follow(figure.closest("[data-pictures]"), figure);
  });

  function refuse(box, figure, why) {
    if (figure.dataset.key) window.outbox.drop(figure.dataset.key);
    figure.remove();
    say(box, why, true);
    changed(box);
  }

  // Without it

  async function send(box, figure, file) {
    figure.className = "thumb is-waiting";
    say(box, `正在上传 ${file.name} …`);
    const body = new FormData();
    body.append("file", file);
    try {
      const answer = await fetch(box.dataset.upload, {
        method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" },
      });
      const told = await answer.json();
      if (answer.status === 401) return retry(box, figure, file, told.error);
      if (!answer.ok) return refuse(box, figure, told.error);
      return accept(box, figure, told);
    } catch (error) {
      return retry(box, figure, file, "信号不好，有照片没传上去。照片还在，请点“重试”。");
    }
  }

  function retry(box, figure, file, why) {
    figure.className = "thumb is-lost";
    say(box, why, true);
    const again = document.createElement("button");
    again.type = "button";
    again.className = "again";
    again.textContent = "重试";
    again.addEventListener("click", () => { again.remove(); send(box, figure, file); });
    figure.append(again);
  }

  // A form that nobody keeps does not leave while a picture is still on its way or has not arrived.
  document.addEventListener("submit", (event) => {
    const waiting = window.pictures.unready(event.target);
    if (!waiting || event.defaultPrevented) return; // the outbox waits by itself
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.dispatchEvent(new Event("needs-look", { bubbles: true })); // a form in steps turns to this one
    say(waiting.closest("[data-pictures]"), "还有照片没有准备好，请稍候，或点“重试”、去掉后再提交。", true);
    waiting.scrollIntoView({ block: "center" });
  }, true);

  window.pictures = {
    complain: (box, why) => say(box, why, true),
    prepared: () => preparing,
    unready: (form) => form.querySelector(".thumb.is-waiting:not([data-key]), .thumb.is-lost"),

    /* What a form holds in this box: a token, or "local:" and the key of a picture in the outbox. */
    valuesOf: (box) => [...box.querySelectorAll("figure")].map((figure) => {
      const token = figure.querySelector("input[type=hidden]");
      return figure.dataset.key ? `local:${figure.dataset.key}` : token ? token.value : "";
    }).filter(Boolean),

    /* Show such a value again, if the picture is still to be had. */
    async restore(box, value) {
      const local = value.startsWith("local:") && await window.outbox.ready && await window.outbox.picture(value.slice(6));
      if (local) {
        const figure = place(box, URL.createObjectURL(new Blob([local.bytes], { type: local.type })), local.name);
        figure.dataset.key = local.key;
        follow(box, figure);
      } else if (!value.startsWith("local:")) {
        const figure = place(box, `/files/pending/${encodeURIComponent(value)}/`, "上次已收到的照片");
        figure.querySelector("img").addEventListener("error", () => { figure.remove(); count(box); });
        accept(box, figure, { token: value });
      }
    },
  };
})();
