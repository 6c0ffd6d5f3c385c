// The text of a message as the phone shows it, while it is typed.
//   <textarea data-preview="#bubble">         what is typed
//   <button data-placeholder="{order_number}" data-value="1042">   a placeholder, its value in the chosen order; a press inserts it
//   <p id="bubble">                           where it shows
// Without script the Preview button asks the server, which knows the same rules.
"use strict";

const marks = { "*": "bold", "_": "italic", "~": "strike" };

function values() {
  const found = new Map();
  for (const button of document.querySelectorAll("[data-placeholder]")) {
    found.set(button.dataset.placeholder.slice(1, -1), button.dataset.value);
  }
  return found;
}

/// Fills `{name}` and `{name|fallback}`; `\{` is a brace. An unknown name stays as typed: saving will refuse it by name.
function fill(text, known) {
  return text.replace(/\\\{|\{([a-z_]+)(?:\|([^}]*))?\}/g, (whole, name, fallback) => {
    if (whole === "\\{") return "{";
    if (!known.has(name)) return whole;
    return known.get(name) || fallback || "";
  });
}

function span(style, text) {
  const element = document.createElement("span");
  element.dataset.style = style;
  element.textContent = text;
  return element;
}

/// WhatsApp's marks: a pair around text that neither begins nor ends with a space, within one line.
function runs(text) {
  const pattern = /```([\s\S]+?)```|(?<!\w)([*_~])(?!\s)([^\n]+?)(?<!\s)\2(?!\w)|(https?:\/\/\S+)/g;
  const found = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    found.push(span("plain", text.slice(from, match.index)));
    if (match[1]) found.push(span("mono", match[1]));
    else if (match[4]) found.push(span("link", match[4]));
    else found.push(span(marks[match[2]], match[3]));
    from = match.index + match[0].length;
  }
  found.push(span("plain", text.slice(from)));
  return found;
}

for (const area of document.querySelectorAll("textarea[data-preview]")) {
  const bubble = document.querySelector(area.dataset.preview);
  if (!bubble) continue;
  const show = () => bubble.replaceChildren(...runs(fill(area.value, values())));
  area.addEventListener("input", show);
  for (const button of document.querySelectorAll("button[data-placeholder]")) {
    button.addEventListener("click", () => {
      area.setRangeText(button.dataset.placeholder, area.selectionStart, area.selectionEnd, "end");
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
