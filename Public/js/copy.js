// <code id="hook-url">…</code> <button type="button" hidden data-copy="#hook-url" data-copied="Copied">Copy</button>
// The button is hidden until script can make it work; the text can always be selected by hand.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.querySelector(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText("value" in source ? source.value : source.textContent.trim());
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
