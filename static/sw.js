/* The service worker: what a phone shows when there is no connection.

   Pages come from the network. A page that the server allows to be kept (X-Portal-Offline: the entry forms and 待发送) is
   copied on its way; without a connection the copy is shown, marked, and for every other page 待发送. Nothing else is
   kept, nothing that is sent is ever kept, and signing out removes the copies. The files of the shell (cache "shell") are
   put there by static/outbox.js. */
"use strict";

const SLOW = 8000; // milliseconds without an answer after which a kept copy is better

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method === "POST" && new URL(request.url).pathname === "/accounts/sign-out/") {
    event.waitUntil(caches.delete("pages"));
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(page(event));
  } else if (["style", "script", "image"].indexOf(request.destination) >= 0) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});

async function page(event) {
  const url = event.request.url;
  const copy = await kept(url);
  try {
    const response = await (copy ? inTime(fetch(event.request)) : fetch(event.request));
    if (response.ok && response.headers.get("X-Portal-Offline")) {
      const twin = response.clone();
      event.waitUntil(caches.open("pages").then((pages) => pages.put(url, twin)));
    }
    return response;
  } catch (error) {
    return copy || (await kept("/outbox/")) || nothing();
  }
}

function inTime(answer) {
  return Promise.race([answer, new Promise((resolve, reject) => setTimeout(() => reject(new Error("slow")), SLOW))]);
}

/* The copy of a page, marked as one for static/outbox.js. */
async function kept(url) {
  const copy = await (await caches.open("pages")).match(url, { ignoreVary: true });
  if (!copy) return null;
  const text = (await copy.text()).replace("<body ", '<body data-offline="1" ');
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  const policy = copy.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  return new Response(text, { headers });
}

function nothing() {
  const text = "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    + "<title>没有信号</title><h1>现在没有信号</h1><p>请在有信号的地方重新打开。</p>";
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
