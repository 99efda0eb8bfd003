#!/usr/bin/python3
"""tests/k8s/self_test.py [ROOT]   a check that cannot fail is none: one planted mistake of each kind.

Takes what tests/k8s/run built, changes one thing in the production overlay, and demands that the
check fails, and for that reason.
"""
import copy
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).parent


def find(objects, kind, name):
    return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)


def container(objects):
    return find(objects, "Deployment", "filing")["spec"]["template"]["spec"]["containers"][0]


def drop_egress(objects):
    rules = find(objects, "NetworkPolicy", "filing")["spec"]["egress"]
    rules.pop()


def add_arrow(objects):
    policy = find(objects, "NetworkPolicy", "review")
    policy["spec"]["egress"].append({
        "to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "subsidy"}}}],
        "ports": [{"port": 7104}]})


def open_to_all(objects):
    find(objects, "NetworkPolicy", "subsidy")["spec"]["ingress"].append({"ports": [{"port": 7104}]})


def twice(objects):
    second = copy.deepcopy(find(objects, "NetworkPolicy", "review"))
    second["metadata"]["name"] = "review-again"
    objects.append(second)


def secret_in_environment(objects):
    container(objects)["env"].append({"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "x", "key": "y"}}})


def set_in(path, value):
    def change(objects):
        target = container(objects)
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value
    return change


# what: (kind of the finding, change). "schema" is found by schema.mjs, all else by check.py.
MISTAKES = {
    "a missing probe": ("probes", lambda o: container(o).pop("readinessProbe")),
    "a missing limit": ("limits", lambda o: container(o)["resources"]["limits"].pop("memory")),
    "a writable root": ("security", set_in(("securityContext", "readOnlyRootFilesystem"), False)),
    "a kept capability": ("security", lambda o: container(o)["securityContext"].pop("capabilities")),
    "no preStop": ("drain", lambda o: container(o).pop("lifecycle")),
    "a secret in the environment": ("secrets", secret_in_environment),
    "a port that no configuration opens": ("ports", lambda o: container(o)["ports"][0].update(containerPort=7999)),
    "an arrow without a policy": ("arrows", drop_egress),
    "a policy without an arrow": ("arrows", add_arrow),
    "a port open to all": ("arrows", open_to_all),
    "an arrow allowed twice": ("arrows", twice),
    "an object without labels": ("labels", lambda o: find(o, "Service", "filing")["metadata"].pop("labels")),
    "a service without a disruption budget": ("parts", lambda o: o.remove(find(o, "PodDisruptionBudget", "review"))),
    "a volume of a claim that is not there": ("references", lambda o: o.remove(find(o, "PersistentVolumeClaim", "papers"))),
    "a field of the wrong type": ("schema", lambda o: find(o, "Deployment", "filing")["spec"].update(replicas="three")),
    "a field that a kind needs": ("schema", lambda o: find(o, "Certificate", "filing")["spec"].pop("issuerRef")),
}


def said(root, kind):
    """What the check says of the overlays below `root`, and its exit code."""
    if kind == "schema":
        command = ["node", str(HERE.parents[1] / "build/k8s/npm/schema.mjs"), str(root / "build/k8s/production.yaml")]
    else:
        command = [str(HERE / "check.py"), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr, done.returncode


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[1])
    good = list(yaml.safe_load_all((root / "build/k8s/production.yaml").read_text(encoding="utf-8")))
    failed = 0
    with tempfile.TemporaryDirectory(dir=root / "build/k8s") as folder:
        work = pathlib.Path(folder)
        (work / "build/k8s").mkdir(parents=True)
        for overlay in ("base", "demo"):
            shutil.copy(root / f"build/k8s/{overlay}.yaml", work / "build/k8s")
        for part in ("k8s", "services"):
            (work / part).symlink_to(root / part)
        for what, (kind, change) in MISTAKES.items():
            objects = copy.deepcopy([o for o in good if o])
            change(objects)
            (work / "build/k8s/production.yaml").write_text(
                yaml.safe_dump_all(objects, allow_unicode=True), encoding="utf-8")
            text, code = said(work, kind)
            if code == 0 or f"[{kind}]" not in text:
                failed += 1
                print(f"NOT FOUND: {what}: expected a finding [{kind}], got exit code {code}:\n{text}")
    print(f"planted mistakes: {len(MISTAKES) - failed} of {len(MISTAKES)} found")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
