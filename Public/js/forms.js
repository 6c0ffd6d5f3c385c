// Small courtesies for forms. Every form works without them.
//   <form data-auto-submit>   sends itself when a filter changes
//   <form data-guard>         asks before typed changes are left behind
//   any form that posts       is sent once, however often its button is pressed
"use strict";

for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.type !== "search") form.requestSubmit();
  });
}

for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  const guard = (event) => {
    if (changed) event.preventDefault();
  };
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", guard);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
});

// A page taken from the back-forward cache must be able to send again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
});
