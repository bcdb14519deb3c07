"""Checks that each alert has a test in which it fires and one in which it does not, and that its metrics are documented.

alert_tests.py RULES TESTS, run in the project's folder
"""

import re
import sys
from pathlib import Path

import yaml

rules_file, tests_file = sys.argv[1:]
rules = [rule for group in yaml.safe_load(Path(rules_file).read_text())["groups"] for rule in group["rules"]]
cases = [
    case
    for test in yaml.safe_load(Path(tests_file).read_text())["tests"]
    for case in test.get("alert_rule_test", [])
]
documented = re.findall(r"^\| `(freshet_\w+)`", Path("docs/metrics.md").read_text(), re.MULTILINE)
faults = []
for rule in rules:
    name = rule["alert"]
    expectations = [bool(case.get("exp_alerts")) for case in cases if case["alertname"] == name]
    if True not in expectations:
        faults.append(f"{tests_file}: no case in which {name} fires: add one with exp_alerts")
    if False not in expectations:
        faults.append(f"{tests_file}: no case in which {name} stays silent: add one with exp_alerts: []")
    for metric in set(re.findall(r"\bfreshet_\w+", rule["expr"])):
        if re.sub(r"_(bucket|count|sum)$", "", metric) not in documented:
            faults.append(f"{rules_file}: {name} uses {metric}, which docs/metrics.md does not have: correct the name")
for case in cases:
    if case["alertname"] not in {rule["alert"] for rule in rules}:
        faults.append(f"{tests_file}: there is no alert {case['alertname']} in {rules_file}: correct the name")
print("\n".join(faults), end="\n" if faults else "")
sys.exit(1 if faults else 0)
