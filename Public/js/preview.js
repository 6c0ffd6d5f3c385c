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

function span(text, styles) {
  const element = document.createElement("span");
  element.dataset.style = styles.join(" ") || "plain";
  element.textContent = text;
  return element;
}

/// WhatsApp's marks: a pair tight around words, within one line; three backticks; addresses. As the server reads them.
function runs(text, styles = []) {
  const pattern = /```([\s\S]+?)```|(?<![\p{L}\p{N}])(?:(https?:\/\/\S*[^\s.,;:!?)'"*_~])|([*_~])(?!\s|\3)([^\n]*?\S)\3(?![\p{L}\p{N}]))/gu;
  const found = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, mono, link, mark, inner] = match;
    if (match.index > from) found.push(span(text.slice(from, match.index), styles));
    if (mono) found.push(span(mono, [...styles, "mono"]));
    else if (link) found.push(span(link, [...styles, "link"]));
    else found.push(...runs(inner, [...styles, marks[mark]]));
    from = match.index + whole.length;
  }
  if (from < text.length) found.push(span(text.slice(from), styles));
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
