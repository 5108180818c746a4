// The rules of a questionnaire in the browser, as loftet/listen/rules/expressions.py evaluates them
// on the server. A rule is nested lists: ["and", ["answer", "exposed"], [">", ["this"], 2]].

const NUMBER = /^[ \t\r\n]*(-?(?:\d+(?:\.\d*)?|\.\d+))[ \t\r\n]*$/;

/** The value of a rule. `answers` holds texts, numbers, lists and, for grids, objects by row. */
export function evaluate(rule, answers, own = "") {
  if (!Array.isArray(rule)) return rule;
  const [name, ...rest] = rule;
  if (name === "answer") return answer(answers, ...rest);
  if (name === "this") return text(own);
  return OPERATIONS[name](...rest.map((argument) => evaluate(argument, answers, own)));
}

/** Whether a rule is true of these answers. */
export const holds = (rule, answers, own = "") => boolean(evaluate(rule, answers, own));

const has = (values, key) => Object.prototype.hasOwnProperty.call(values, key);

function answer(answers, code, row) {
  const found = has(answers, code) ? answers[code] : "";
  if (row === undefined) return text(found);
  const rows = found !== null && typeof found === "object" && !Array.isArray(found);
  return rows && has(found, row) ? text(found[row]) : "";
}

function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return Object.values(value).map(text).join(" ");
  return String(value);
}

function number(value) {
  if (typeof value !== "string") return Number(value);
  const found = NUMBER.exec(value);
  return found ? Number(found[1]) : NaN;
}

const boolean = (value) => Boolean(value);

function equal(left, right) {
  const kinds = [typeof left, typeof right];
  if (kinds.includes("boolean")) return boolean(left) === boolean(right);
  return kinds.includes("number") ? number(left) === number(right) : left === right;
}

const words = (value) => text(value).split(" ").filter(Boolean);

const OPERATIONS = {
  or: (...values) => values.some(boolean),
  and: (...values) => values.every(boolean),
  "=": equal,
  "!=": (left, right) => !equal(left, right),
  "<": (left, right) => number(left) < number(right),
  "<=": (left, right) => number(left) <= number(right),
  ">": (left, right) => number(left) > number(right),
  ">=": (left, right) => number(left) >= number(right),
  "+": (left, right) => number(left) + number(right),
  "-": (left, right) => number(left) - number(right),
  "*": (left, right) => number(left) * number(right),
  div: (left, right) => number(left) / number(right),
  mod: (left, right) => number(left) % number(right),
  negative: (value) => -number(value),
  not: (value) => !boolean(value),
  true: () => true,
  false: () => false,
  selected: (several, one) => words(several).includes(text(one)),
  "count-selected": (several) => words(several).length,
  "string-length": (value) => [...text(value)].length,
  coalesce: (first, second) => text(first) || text(second),
};
