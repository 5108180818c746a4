// What makes answering easier where the browser can: questions appear when they apply, what is left
// is counted, the code comes out of the address. The server decides all of it again.

import { holds } from "./expressions.js";

const form = document.querySelector("form[method=post]");
const told = document.getElementById("rules");
const rules = told ? JSON.parse(told.textContent) : {};

document.documentElement.classList.add("scripted");

/** The answers on the page, as the rules read them. */
function answers() {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    const [code, row] = name.split(".");
    const kind = rules[code]?.kind;
    if (!kind || value === "" || document.getElementById(`q-${code}`).hidden) continue;
    if (kind === "grid") (found[code] ??= {})[row] = value;
    else if (kind === "several" || kind === "priorities") (found[code] ??= []).push(value);
    else if (kind === "number") found[code] = value.replace(",", ".");
    else if (kind !== "place") found[code] = value.trim();
  }
  return found;
}

/** In the order of the page: what depends on a hidden question does not count its answer. */
function show() {
  for (const [code, { rule }] of Object.entries(rules)) {
    if (rule === null) continue;
    document.getElementById(`q-${code}`).hidden = !holds(rule, answers());
  }
}

/** Say at once what the server would say about an answer that does not go together. */
function check(code) {
  const { constraint, message } = rules[code] ?? {};
  const question = document.getElementById(`q-${code}`);
  if (!constraint || question.querySelector(".errorlist")) return;
  const found = answers();
  const wrong = code in found && !holds(constraint, found, found[code]);
  say(question, "advice", wrong ? message : "");
}

/** A line at the end of a question that a screen reader also reads. */
function say(question, name, text) {
  let line = question.querySelector(`.${name}`);
  if (!line) {
    line = document.createElement("p");
    line.className = `counted ${name}`;
    line.setAttribute("role", "status");
    question.append(line);
  }
  if (line.textContent !== text) line.textContent = text;
}

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** How many are chosen; when there are enough, the others rest until one is taken away. */
function count(question) {
  const boxes = [...question.querySelectorAll("input[type=checkbox]")];
  const most = Number(question.dataset.most);
  const chosen = boxes.filter((box) => box.checked).length;
  say(question, "chosen", fill(question.dataset.chosen, { chosen, most }));
}

function left(text) {
  const signs = Number(text.maxLength) - [...text.value].length;
  if (signs < 100) say(text.closest(".question"), "left", fill(text.dataset.left, { left: signs }));
  else text.closest(".question").querySelector(".left")?.remove();
}

/** The QR code leads to #ABCDEFGH: what stands after # is never sent to any server. */
function codeFromAddress() {
  const field = document.getElementById("code");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z -]{8,12}$/.test(code)) return;
  if (!field.value) field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  field.form.querySelector("button").focus();
}

if (form) {
  codeFromAddress();
  addEventListener("hashchange", codeFromAddress);
  const counted = [...form.querySelectorAll("[data-most]")];
  const texts = [...form.querySelectorAll("textarea[data-left]")];
  form.addEventListener("change", (event) => {
    show();
    const question = event.target.closest("[data-question]");
    if (!question) return;
    if (question.dataset.most) count(question);
    check(question.dataset.question);
  });
  form.addEventListener("input", (event) => {
    if (texts.includes(event.target)) left(event.target);
  });
  counted.forEach(count);
  show();
  document.querySelector(".summary")?.focus();
}
