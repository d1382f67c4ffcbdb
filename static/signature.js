/* A name written on the glass: <div data-signature="field name"> with a canvas, a clear button and a place to speak.
   The drawing goes along as a PNG in the hidden field. Plain enough for old phones; without it the page offers to type. */
(function () {
  "use strict";

  var pads = document.querySelectorAll("[data-signature]");
  for (var i = 0; i < pads.length; i += 1) prepare(pads[i]);
  var bad = pads.length && document.querySelector("main .has-error");
  if (bad) bad.scrollIntoView({ block: "center" }); // the pad, shown only now, has pushed it down

  function prepare(pad) {
    var field = pad.closest("form").querySelector("[name='" + pad.getAttribute("data-signature") + "']");
    var canvas = pad.querySelector("canvas");
    var say = pad.querySelector("[data-say]");
    var pen = canvas.getContext("2d");
    var drawing = false;
    var width = 0;
    pad.hidden = false;
    fit();

    // Also when the phone is turned, and when the page came back with an error: what was written is still there.
    function fit() {
      if (canvas.clientWidth === width) return;
      width = canvas.clientWidth;
      var scale = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = Math.round(canvas.clientWidth * scale);
      canvas.height = Math.round(canvas.clientHeight * scale);
      pen.scale(scale, scale);
      pen.lineWidth = 3;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#111";
      if (field.value) redraw();
      else clear();
    }

    function paper() {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    }

    function clear() {
      paper();
      field.value = "";
      say.textContent = "请用手指或鼠标在框里签名。";
    }

    function redraw() {
      var image = new Image();
      paper();
      image.onload = function () { pen.drawImage(image, 0, 0, canvas.clientWidth, canvas.clientHeight); };
      image.src = field.value;
      say.textContent = "已签名。";
    }

    function place(event) {
      var box = canvas.getBoundingClientRect();
      var point = event.touches ? event.touches[0] : event;
      return [point.clientX - box.left, point.clientY - box.top];
    }

    function start(event) {
      var at = place(event);
      event.preventDefault(); // else the page scrolls under the finger
      drawing = true;
      pen.beginPath();
      pen.moveTo(at[0], at[1]);
      pen.lineTo(at[0] + 0.1, at[1]); // a dot is a stroke too
      pen.stroke();
    }

    function move(event) {
      if (!drawing) return;
      var at = place(event);
      event.preventDefault();
      pen.lineTo(at[0], at[1]);
      pen.stroke();
    }

    function end() {
      if (!drawing) return;
      drawing = false;
      field.value = canvas.toDataURL("image/png");
      say.textContent = "已签名。";
    }

    window.addEventListener("resize", fit);
    canvas.addEventListener("mousedown", start);
    canvas.addEventListener("mousemove", move);
    window.addEventListener("mouseup", end);
    canvas.addEventListener("touchstart", start, { passive: false });
    canvas.addEventListener("touchmove", move, { passive: false });
    canvas.addEventListener("touchend", end);
    canvas.addEventListener("touchcancel", end);
    pad.querySelector("[data-clear]").addEventListener("click", clear);
  }
})();
