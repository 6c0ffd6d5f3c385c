// <div id="chat" data-refresh="3">…</div>  asks for the page again every 3 seconds and exchanges this part if it changed.
// Parts that hold the focus are left alone. Without script there is a Refresh link.
"use strict";

const parts = [...document.querySelectorAll("[data-refresh][id]")].map((part) => part.id);
const seconds = Math.max(1, Number(document.querySelector("[data-refresh]")?.dataset.refresh) || 5);
const seen = new Map(parts.map((id) => [id, document.getElementById(id).innerHTML]));

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of parts) {
    const old = document.getElementById(id);
    const now = fresh.getElementById(id);
    if (!now || seen.get(id) === now.innerHTML || old.contains(document.activeElement)) continue;
    seen.set(id, now.innerHTML);
    old.innerHTML = now.innerHTML;
  }
}

// Asked one after another, never two at once; an answer that fails is simply asked for again.
async function again() {
  try {
    await refresh();
  } catch {
    // The server may be restarting.
  }
  setTimeout(again, seconds * 1000);
}

if (parts.length > 0) setTimeout(again, seconds * 1000);
