/* The ledger at a desk: keys that move through its rows, and a panel beside it that shows one hazard.
   Without this script, or on a phone, a press on a row's code opens the hazard's page. */
(() => {
  "use strict";

  const table = document.querySelector("[data-ledger]");
  if (!table) return;
  const panel = document.getElementById("panel");
  const help = document.getElementById("keys");
  const say = document.querySelector("[data-ledger-say]");
  const rows = [...table.tBodies[0].rows];
  const atDesk = matchMedia("(min-width: 768px)");
  const hasRoom = matchMedia("(min-width: 1200px)");
  const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  let at = -1; // the row that the keys are on

  const linkOf = (row) => row.querySelector("td.no a");
  const isOpen = () => !panel.hidden;

  // Where the keys are

  function mark(index) {
    if (at >= 0) { rows[at].classList.remove("is-at"); rows[at].removeAttribute("aria-current"); }
    at = index;
    if (at < 0) return;
    rows[at].classList.add("is-at");
    rows[at].setAttribute("aria-current", "true");
  }

  function moveTo(index) {
    if (index < 0 || index >= rows.length) { announce(index < 0 ? "已是本页第一条" : "已是本页最后一条"); return; }
    mark(index);
    rows[at].scrollIntoView({ block: "nearest" });
    if (isOpen()) show(rows[at]); else linkOf(rows[at]).focus();
    announce(`第 ${at + 1} 条，共 ${rows.length} 条：${inWords(rows[at])}`);
  }

  const inWords = (row) => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s+/g, " ")).filter(Boolean).join("，");
  const announce = (words) => { say.textContent = words; };

  // The panel: the list, its address and its place on the screen stay as they are

  function show(row) {
    panel.hidden = false;
    document.body.classList.add("has-panel");
    panel.setAttribute("aria-busy", "true");
    htmx.ajax("GET", `${linkOf(row).getAttribute("href")}panel/`, { target: panel, swap: "innerHTML show:none" }).then(() => {
      panel.removeAttribute("aria-busy");
      panel.scrollTop = 0;
      if (isOpen() && !document.activeElement.closest(TYPING)) panel.focus({ preventScroll: true });
    });
  }

  function close() {
    if (!isOpen()) return;
    panel.hidden = true;
    panel.replaceChildren();
    document.body.classList.remove("has-panel");
    if (at >= 0) linkOf(rows[at]).focus();
    announce("已关闭详情");
  }

  // A hazard that cannot be fetched (gone, signed out, no network): its page says why.
  for (const trouble of ["htmx:responseError", "htmx:sendError"]) {
    panel.addEventListener(trouble, () => { if (at >= 0) location.assign(linkOf(rows[at]).href); });
  }

  table.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row) return;
    mark(rows.indexOf(row));
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (event.target.closest("td.no a") && isPlain && hasRoom.matches) { event.preventDefault(); show(row); }
  });
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    if (row && !isOpen()) mark(rows.indexOf(row));
  });
  panel.addEventListener("click", (event) => { if (event.target.closest("[data-panel-close]")) close(); });
  hasRoom.addEventListener("change", () => { if (!hasRoom.matches) close(); });

  // Keys. Single letters can get in the way of speech input, so they can be turned off; the browser remembers it.

  const OFF = "ledger-keys-off";
  const box = help.querySelector("[data-keys-on]");
  const keysAreOn = () => !localStorage.getItem(OFF);
  box.checked = keysAreOn();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
  });
  const showHelp = () => { if (!help.open) help.showModal(); };
  document.querySelector("[data-keys-note]").hidden = false;
  document.querySelector("[data-keys-help]").addEventListener("click", showHelp);

  const KEYS = {
    j: () => moveTo(at + 1),
    k: () => moveTo(at < 0 ? 0 : at - 1),
    x: tick,
    "/": () => document.getElementById("id_q").focus(),
    "?": showHelp,
    Enter: open,
  };

  function tick() {
    const tickBox = at < 0 ? null : rows[at].querySelector("input[type=checkbox]:not(:disabled)");
    if (!tickBox) { announce("这一条不能打勾"); return; }
    tickBox.click();
    announce(tickBox.checked ? "已打勾" : "已取消打勾");
  }

  function open() {
    if (at < 0) return;
    if (hasRoom.matches) show(rows[at]); else linkOf(rows[at]).click();
  }

  const PRESSES = "a, button, summary, input"; // Enter belongs to what has the focus

  document.addEventListener("keydown", (event) => {
    if (!atDesk.matches || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (event.key === "Escape") { close(); return; }
    const act = KEYS[event.key];
    if (!act || !keysAreOn() || (event.key === "Enter" && event.target.closest(PRESSES))) return;
    event.preventDefault();
    act();
  });
})();
