/* A photo made ready for a bad line: shrink(file) → {bytes, type}, fingerprint(bytes) → SHA-256 as hex, uuid().
   The long edge becomes 1600 pixels. The camera's own EXIF goes along, because the server reads from it when the photo was
   taken (and drops the rest). What this browser cannot decode (HEIC) or turn upright is sent as it is. */
(() => {
  "use strict";

  const LONG_EDGE = 1600;
  const QUALITY = 0.85;
  const TURNS_PICTURES = Boolean(window.CSS && CSS.supports("image-orientation", "from-image"));

  window.shrink = async (file) => {
    const original = new Uint8Array(await bytesOf(file));
    const exif = exifOf(original);
    const small = TURNS_PICTURES || !exif || exif.orientation === 1 ? await redrawn(file) : null;
    if (!small) return { bytes: original.buffer, type: file.type };
    const bytes = withExif(new Uint8Array(await bytesOf(small)), exif);
    return bytes.length < original.length ? { bytes: bytes.buffer, type: "image/jpeg" } : { bytes: original.buffer, type: file.type };
  };

  function bytesOf(blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsArrayBuffer(blob);
    });
  }

  async function redrawn(file) {
    const image = await decoded(file);
    if (!image) return null;
    const scale = Math.min(1, LONG_EDGE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff"; // what is transparent becomes white, as on the server
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  function decoded(file) {
    return new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve(image.naturalWidth ? image : null);
      image.onerror = () => { URL.revokeObjectURL(image.src); resolve(null); };
      image.src = URL.createObjectURL(file);
    });
  }

  /* The EXIF segment of a JPEG: {segment, orientation, at}, `at` the place of the orientation in it; null without one. */
  function exifOf(bytes) {
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
    for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
      const length = 2 + bytes[at + 2] * 256 + bytes[at + 3];
      if (bytes[at + 1] === 0xe1 && String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === "Exif") {
        return oriented(bytes.slice(at, at + length));
      }
      at += length;
    }
    return null;
  }

  function oriented(segment) {
    const TIFF = 10; // marker, length, "Exif", two zeros
    try {
      const view = new DataView(segment.buffer);
      const little = view.getUint16(TIFF) === 0x4949;
      const directory = TIFF + view.getUint32(TIFF + 4, little);
      for (let entry = directory + 2, left = view.getUint16(directory, little); left > 0; left -= 1, entry += 12) {
        if (view.getUint16(entry, little) === 0x0112) {
          return { segment, little, at: entry + 8, orientation: view.getUint16(entry + 8, little) };
        }
      }
    } catch (error) { return null; } // garbled: as if there were none
    return { segment, orientation: 1 };
  }

  function withExif(jpeg, exif) {
    if (!exif) return jpeg;
    if (exif.at) new DataView(exif.segment.buffer).setUint16(exif.at, 1, exif.little); // it is upright now
    const whole = new Uint8Array(jpeg.length + exif.segment.length);
    whole.set(jpeg.subarray(0, 2));
    whole.set(exif.segment, 2);
    whole.set(jpeg.subarray(2), 2 + exif.segment.length);
    return whole;
  }

  window.uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  // Browsers offer crypto.subtle only over HTTPS; a portal on a county's own network may be plain HTTP.
  window.fingerprint = async (buffer) => hex(new Uint8Array(
    crypto.subtle ? await crypto.subtle.digest("SHA-256", buffer) : sha256(new Uint8Array(buffer)).buffer,
  ));

  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  /* FIPS 180-4. Its constants are the fractions of the square and cube roots of the first primes. */
  function sha256(message) {
    const primes = [];
    for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
    const fraction = (number) => ((number - Math.floor(number)) * 2 ** 32) | 0;
    const K = primes.map((prime) => fraction(Math.cbrt(prime)));
    const state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
    padded.set(message);
    padded[message.length] = 128;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
    view.setUint32(padded.length - 4, message.length << 3);
    const w = new Int32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let block = 0; block < padded.length; block += 64) {
      for (let i = 0; i < 64; i += 1) {
        if (i < 16) { w[i] = view.getInt32(block + 4 * i); continue; }
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((value, i) => out.setInt32(4 * i, value));
    return out;
  }
})();
