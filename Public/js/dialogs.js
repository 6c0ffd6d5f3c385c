// <a href="#remove" data-opens>…</a>  <dialog id="remove">…<a href="#" data-closes>…</a></dialog>
// Without script the link's target shows the dialog; with it the dialog is modal and keeps the focus.
"use strict";

for (const link of document.querySelectorAll("a[data-opens]")) {
  const dialog = document.querySelector(link.getAttribute("href"));
  if (!dialog || !dialog.showModal) continue;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  for (const closing of dialog.querySelectorAll("[data-closes]")) {
    closing.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
      link.focus();
    });
  }
}

// The person's menu closes on Escape and when the page is clicked.
for (const menu of document.querySelectorAll("details.person")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
