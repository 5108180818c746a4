// Typing without looking at the screen: a sign fills its box and goes on to the next.
// Without this the same boxes are filled with Tab between them.

const form = document.querySelector(".sheet");
const boxes = [...form.querySelectorAll(".box input, .box textarea")];
const UNREADABLE = "?";

/** Go a step from a box; after the last one comes the button. */
function step(box, by) {
  const next = boxes[boxes.indexOf(box) + by];
  if (next) {
    next.focus();
    next.select();
  } else if (by > 0) {
    form.querySelector("button[type=submit]").focus();
  }
}

/** Mark in words what the signs in the box mean. */
function mark(box) {
  const typed = box.value.toLowerCase();
  const choices = [...box.closest(".box").querySelectorAll("[data-sign]")];
  const numbers = choices.length > 35 ? typed.split(/[\s,;.+]+/) : [...typed];
  for (const choice of choices) {
    choice.classList.toggle("chosen", numbers.includes(choice.dataset.sign));
  }
}

form.addEventListener("input", ({ target: box, inputType }) => {
  mark(box);
  const only = box.dataset.only;
  if (!only || !box.value || inputType?.startsWith("delete")) return;
  const sign = box.value.trim().slice(-1).toLowerCase();
  const known = sign === UNREADABLE || only.includes(sign);
  box.value = sign;
  mark(box);
  box.setAttribute("aria-invalid", String(!known));
  if (known) step(box, 1);
  else box.select();
});

form.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!boxes.includes(box)) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) form.requestSubmit(form.querySelector("button[type=submit]"));
    else step(box, 1);
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    step(box, event.key === "ArrowUp" ? -1 : 1);
  }
});

boxes.forEach(mark);
