"""Makes schemas/ from the definitions of custom resources: extract_schemas.py FILE…

README.md in deploy/kubernetes says where the files come from.
"""

import json
import sys
from pathlib import Path

import yaml


def without_descriptions(node):
    if isinstance(node, list):
        return [without_descriptions(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_descriptions(value)
        for key, value in node.items()
        if not (key == "description" and isinstance(value, str))
    }


for argument in sys.argv[1:]:
    definition = yaml.safe_load(Path(argument).read_text())["spec"]
    for version in definition["versions"]:
        name = f"{definition['group']}-{version['name']}-{definition['names']['kind']}.json"
        schema = without_descriptions(version["schema"]["openAPIV3Schema"])
        target = Path(__file__).parent / "schemas" / name
        target.write_text(json.dumps(schema, sort_keys=True) + "\n")
        print(target)
