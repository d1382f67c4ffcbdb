/* A notice beside its draft: a press on either side shows the other; a marked phrase can become an item.
   Without this script the links lead to the same places. */
(() => {
  "use strict";
  const text = document.querySelector("[data-text]");
  if (!text) return;

  const itemOf = (pk) => document.getElementById(`item-${pk}`);

  // Marks these items and every run of the text that they stand on; gives the first run.
  function show(pks) {
    for (const shown of document.querySelectorAll(".is-shown")) shown.classList.remove("is-shown");
    const runs = [...text.querySelectorAll("[data-items]")].filter((run) => run.dataset.items.split(" ").some((pk) => pks.includes(pk)));
    for (const marked of [...runs, ...pks.map(itemOf)]) marked?.classList.add("is-shown");
    return runs[0];
  }

  text.addEventListener("click", (event) => {
    const run = event.target.closest("[data-items]");
    if (!run || String(getSelection())) return;
    event.preventDefault();
    const pks = run.dataset.items.split(" ");
    const turn = Number(run.dataset.turn || 0); // pressed again: the next item that stands here
    run.dataset.turn = (turn + 1) % pks.length;
    show(pks);
    itemOf(pks[turn])?.scrollIntoView({ block: "center" });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link) return;
    event.preventDefault();
    show([link.dataset.show])?.scrollIntoView({ block: "center" });
  });
  if (location.hash.startsWith("#item-")) show([location.hash.slice("#item-".length)]);

  // After a press on one item: how many still wait, in its kind and in all. The page may show but a part of them.
  const places = [...document.querySelectorAll("[data-pending]")];
  const waiting = (place) => (place.closest("section") || document).querySelectorAll(".draft-item.pending").length;
  const seen = new Map(places.map((place) => [place, waiting(place)]));
  document.addEventListener("htmx:afterSettle", () => {
    for (const place of places) {
      place.textContent = Number(place.textContent) + waiting(place) - seen.get(place);
      seen.set(place, waiting(place));
    }
  });

  // Marked text: where it begins and ends in the notice.
  const bar = document.querySelector("[data-marked]");
  if (!bar) return;
  const place = (node, offset) => {
    const run = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    return run && text.contains(run) ? { run, offset } : null;
  };
  const counted = ({ run, offset }) => Number(run.dataset.start) + [...run.textContent.slice(0, offset)].length;
  function offer() {
    const selection = getSelection();
    const ends = selection.rangeCount && !selection.isCollapsed
      ? [place(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset), place(selection.getRangeAt(0).endContainer, selection.getRangeAt(0).endOffset)]
      : [];
    bar.hidden = ends.length !== 2 || ends.includes(null);
    if (bar.hidden) return;
    const [start, end] = ends.map(counted);
    for (const link of bar.querySelectorAll("[data-kind]")) link.search = `?start=${start}&end=${end}`;
  }
  document.addEventListener("selectionchange", offer);
  offer(); // what was marked before this script was there
})();
