/* Pictures go up one by one as soon as they are chosen; the form then carries their tokens. A picture that did not
   arrive stays here with a button to try again. Without this script the form sends the files themselves. */
(() => {
  "use strict";

  // The cookie, not the page's own field: it changes when somebody signs in again in another window.
  const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]
    || document.querySelector("[name=csrfmiddlewaretoken]").value;

  for (const box of document.querySelectorAll("[data-pictures]")) {
    const input = box.querySelector("input[type=file]");
    const taken = box.querySelector(".taken");
    const say = box.querySelector(".say");

    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      for (const file of files) await send(file, place(file));
    });
    box.addEventListener("click", (event) => {
      if (!event.target.matches("[data-drop]")) return;
      event.target.closest("figure").remove();
      say.textContent = "";
      changed();
    });

    function place(file) {
      const figure = document.createElement("figure");
      figure.className = "thumb is-waiting";
      const image = document.createElement("img");
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      const drop = document.createElement("button");
      drop.type = "button";
      drop.dataset.drop = "";
      drop.setAttribute("aria-label", "去掉这张");
      drop.textContent = "×";
      figure.append(image, drop);
      taken.append(figure);
      return figure;
    }

    async function send(file, figure) {
      figure.className = "thumb is-waiting";
      say.classList.remove("is-error");
      say.textContent = `正在上传 ${file.name} …`;
      const body = new FormData();
      body.append("file", file);
      try {
        const answer = await fetch(box.dataset.upload, {
          method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" },
        });
        const told = await answer.json();
        if (answer.status === 401) return retry(file, figure, told.error);
        if (!answer.ok) return refuse(figure, told.error);
        accept(figure, told);
      } catch {
        retry(file, figure, "信号不好，有照片没传上去。照片还在，请点“重试”。");
      }
    }

    function accept(figure, told) {
      figure.className = "thumb";
      figure.querySelector("img").src = told.url;
      const token = document.createElement("input");
      token.type = "hidden";
      token.name = box.dataset.pictures;
      token.value = told.token;
      figure.append(token);
      say.textContent = `已收到 ${taken.querySelectorAll("input[type=hidden]").length} 张。`;
      changed();
    }

    function refuse(figure, why) {
      figure.remove();
      say.textContent = why;
      say.classList.add("is-error");
    }

    function retry(file, figure, why) {
      figure.className = "thumb is-lost";
      say.textContent = why;
      say.classList.add("is-error");
      const again = document.createElement("button");
      again.type = "button";
      again.className = "again";
      again.textContent = "重试";
      again.addEventListener("click", () => { again.remove(); send(file, figure); });
      figure.append(again);
    }

    const changed = () => box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A form does not leave while a picture is still on its way or has not arrived.
  document.addEventListener("submit", (event) => {
    const waiting = event.target.querySelector(".thumb.is-waiting, .thumb.is-lost");
    if (!waiting) return;
    event.preventDefault();
    const say = waiting.closest("[data-pictures]").querySelector(".say");
    say.textContent = "还有照片没有传完，请稍候，或点“重试”、去掉后再提交。";
    waiting.dispatchEvent(new Event("needs-look", { bubbles: true })); // a form in steps turns to this one
    waiting.scrollIntoView({ block: "center" });
  }, true);
})();
