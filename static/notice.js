/* A notice beside its draft: a press on either side shows the other; a marked phrase can become an item.
   Without this script the links lead to the same places. */
(() => {
  "use strict";
  const text = document.querySelector("[data-text]");
  if (!text) return;

  function show(pk) {
    for (const shown of document.querySelectorAll(".is-shown")) shown.classList.remove("is-shown");
    const phrases = [...text.querySelectorAll("[data-items]")].filter((phrase) => phrase.dataset.items.split(" ").includes(pk));
    for (const phrase of phrases) phrase.classList.add("is-shown");
    document.getElementById(`item-${pk}`)?.classList.add("is-shown");
    return phrases[0];
  }

  text.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-items]");
    if (!phrase || String(getSelection())) return;
    event.preventDefault();
    const pks = phrase.dataset.items.split(" ");
    const at = pks.findIndex((pk) => document.getElementById(`item-${pk}`)?.classList.contains("is-shown"));
    const pk = at < 0 ? phrase.hash.slice("#item-".length) : pks[(at + 1) % pks.length]; // pressed again: the next one here
    show(pk);
    document.getElementById(`item-${pk}`)?.scrollIntoView({ block: "center" });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.show)?.scrollIntoView({ block: "center" });
  });
  if (location.hash.startsWith("#item-")) show(location.hash.slice("#item-".length));

  // Marked text: where it begins and ends in the notice.
  const bar = document.querySelector("[data-marked]");
  if (!bar) return;
  const place = (node, offset) => {
    const run = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    return run && text.contains(run) ? { run, offset } : null;
  };
  const counted = ({ run, offset }) => Number(run.dataset.start) + [...run.textContent.slice(0, offset)].length;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const ends = selection.rangeCount && !selection.isCollapsed
      ? [place(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset), place(selection.getRangeAt(0).endContainer, selection.getRangeAt(0).endOffset)]
      : [];
    bar.hidden = ends.length !== 2 || ends.includes(null);
    if (bar.hidden) return;
    const [start, end] = ends.map(counted);
    for (const link of bar.querySelectorAll("[data-kind]")) link.search = `?start=${start}&end=${end}`;
  });
})();
