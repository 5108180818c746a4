"""The browser comes to the same answer as the server, rule by rule."""

import json
from typing import Any

from playwright.sync_api import Browser

from loftet.listen.rules.expressions import as_data, parse
from tests.listen.test_expressions import TABLE
from tests.test_house import PRODUCT

MODULE = PRODUCT / "listen" / "static" / "listen" / "expressions.js"
RUN = """async ([source, answers, cases]) => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { evaluate, holds } = await import(address);
  return cases.map(([rule, own]) => [evaluate(rule, answers, own), holds(rule, answers, own)]);
}"""


def test_the_browser_evaluates_rules_as_the_server_does(browser: Browser) -> None:
    cases: list[dict[str, Any]] = TABLE["cases"]
    rules = [[as_data(parse(case["rule"])), case.get("own", "")] for case in cases]
    page = browser.new_page()
    found = page.evaluate(RUN, [MODULE.read_text(), TABLE["answers"], rules])
    page.close()
    told = [(case["rule"], case["value"]) for case in cases]
    assert [(rule, value) for (rule, _), (value, _) in zip(told, found, strict=True)] == told
    assert json.dumps([bool(value) for _, value in told]) == json.dumps([yes for _, yes in found])
