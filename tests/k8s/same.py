#!/usr/bin/python3
"""tests/k8s/same.py STEM…   STEM.yaml and STEM.newest.yaml hold the same objects, in whatever order.

Names of generated config maps end in a digest that the versions take differently: it is left out.
"""
import re
import sys

import yaml


def objects(path):
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"(-config)-[a-z0-9]{10}\b", r"\1", file.read())
    return {(o["kind"], o["metadata"]["name"]): o for o in yaml.safe_load_all(text) if o}


different = 0
for stem in sys.argv[1:]:
    old, new = objects(stem + ".yaml"), objects(stem + ".newest.yaml")
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            different += 1
            print(f"{stem}: {key[0]}/{key[1]} differs between two versions of kustomize")
sys.exit(1 if different else 0)
