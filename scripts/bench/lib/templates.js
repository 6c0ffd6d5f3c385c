// templates.js ENGINE FOLDER CASE SECONDS: renders a case with mustache.js or Handlebars. Writes the page beside the
// templates and prints renderings a second.
"use strict";
const fs = require("fs");
const [engine, folder, name, seconds] = process.argv.slice(2);
const read = (path) => fs.readFileSync(`${folder}/${path}`, "utf8");
const data = JSON.parse(read("data.json"))[name];
const source = read(name === "page" ? "peers/page.mustache" : `${name}.mustache`);
const partials = {};
for (const part of ["nav", "group", "card", "fact", "foot"]) partials[part] = read(`${part}.mustache`);

function prepared() {
  if (engine === "mustache.js") {
    const mustache = require("/usr/share/nodejs/mustache/mustache.js");
    mustache.parse(source);
    for (const part of Object.values(partials)) mustache.parse(part);
    return () => mustache.render(source, data, partials);
  }
  const handlebars = require("/usr/share/javascript/handlebars/handlebars.js");
  const compile = (text) => handlebars.template(eval(`(${handlebars.precompile(text)})`));
  for (const [part, text] of Object.entries(partials)) handlebars.registerPartial(part, compile(text));
  const template = compile(source);
  return () => template(data);
}

const render = prepared();
fs.writeFileSync(`${folder}/${name}.${engine}`, render());
// Optimizers need their time; then the clock is asked seldom.
let sum = 0;
const warm = process.hrtime.bigint() + 1_000_000_000n;
while (process.hrtime.bigint() < warm) sum += render().length;
let count = 0;
const start = process.hrtime.bigint();
const end = start + BigInt(Math.round(Number(seconds) * 1e9));
while (process.hrtime.bigint() < end) {
  for (let i = 0; i < 20; i++) sum += render().length;
  count += 20;
}
if (sum > 0) console.log(count / (Number(process.hrtime.bigint() - start) / 1e9));
