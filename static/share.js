/* The parts of a target add up while they are typed. Without this script 预览 does it. */
(() => {
  "use strict";

  const output = document.querySelector("output[data-sum]");
  if (!output) return;
  const cents = (text) => Math.round(Number(text) * 100) || 0;
  const plain = (number) => String(number / 100);

  function add() {
    const sum = [...document.querySelectorAll("[data-part]")].reduce((all, field) => all + cents(field.value), 0);
    const left = cents(output.dataset.sum) - sum;
    const word = left === 0 ? "正好" : left > 0 ? `还差 ${plain(left)}` : `多出 ${plain(-left)}`;
    output.textContent = `${plain(sum)}（${word}）`;
    output.classList.toggle("late", left !== 0);
  }
  document.addEventListener("input", (event) => { if (event.target.matches("[data-part]")) add(); });
  add();
})();
