#!/usr/bin/python3
"""tests/k8s/self_test.py [ROOT]   a check that cannot fail is none: one planted mistake of each kind.

Takes what tests/k8s/run built, changes one thing in the production overlay, and demands that the
check finds it, and for that reason.
"""
import copy
import pathlib
import subprocess
import sys
import tempfile

import yaml

import check

HERE = pathlib.Path(__file__).parent


class Objects(list):
    """The objects of the production overlay, one of which is about to be spoilt."""

    def one(self, kind, name):
        return next(o for o in self if o["kind"] == kind and o["metadata"]["name"] == name)

    def spec(self, kind, name):
        return self.one(kind, name)["spec"]

    def pod(self):
        return check.pod_of(self.one("Deployment", "filing"))

    def container(self):
        return self.pod()["containers"][0]

    def volume(self, name):
        return next(v for v in self.pod()["volumes"] if v["name"] == name)

    def drop(self, kind, name):
        self.remove(self.one(kind, name))


def add_arrow(o):
    o.spec("NetworkPolicy", "review")["egress"].append({
        "to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "subsidy"}}}],
        "ports": [{"port": 7104}]})


def twice(o):
    second = copy.deepcopy(o.one("NetworkPolicy", "review"))
    second["metadata"]["name"] = "review-again"
    o.append(second)


def secret_in_environment(o):
    o.container()["env"].append({"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "x", "key": "y"}}})


def secret_in_manifests(o):
    o.append({"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "x"},
              "metadata": {"name": "x", "labels": o.one("Service", "filing")["metadata"]["labels"]}})


def first_port(o):
    return o.spec("NetworkPolicy", "subsidy")["ingress"][0]["ports"][0]


# kind of the finding: {what: change}. "schema" is found by schema.mjs, all else by check.py.
MISTAKES = {
    "labels": {
        "an object without labels": lambda o: o.one("Service", "filing")["metadata"].pop("labels"),
    },
    "probes": {
        "a missing probe": lambda o: o.container().pop("readinessProbe"),
        "a probe at no port": lambda o: o.container()["livenessProbe"]["httpGet"].update(port="admn"),
        "readiness without the database":
            lambda o: o.container()["readinessProbe"]["httpGet"].update(path="/healthz"),
        "liveness that asks the database":
            lambda o: o.container()["livenessProbe"]["httpGet"].update(path="/readyz"),
    },
    "limits": {
        "a missing limit": lambda o: o.container()["resources"]["limits"].pop("memory"),
        "no limits": lambda o: o.container()["resources"].pop("limits"),
    },
    "security": {
        "a writable root": lambda o: o.container()["securityContext"].update(readOnlyRootFilesystem=False),
        "a kept capability": lambda o: o.container()["securityContext"].pop("capabilities"),
        "a privileged container": lambda o: o.container()["securityContext"].update(privileged=True),
        "the host's network": lambda o: o.pod().update(hostNetwork=True),
        "a folder of the host": lambda o: o.pod()["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
    },
    "drain": {
        "no preStop": lambda o: o.container().pop("lifecycle"),
        "a grace shorter than the drain": lambda o: o.pod().update(terminationGracePeriodSeconds=20),
    },
    "image": {
        "an image without a tag": lambda o: o.container().update(image="images.example.net:5000/alliance"),
    },
    "secrets": {
        "a secret in the environment": secret_in_environment,
        "a secret in the manifests": secret_in_manifests,
        "the keys of another": lambda o: o.volume("keys")["secret"].update(secretName="review-keys"),
    },
    "identity": {
        "the certificate of another":
            lambda o: o.spec("Certificate", "filing").update(uris=["alliance://services/review"]),
        "a certificate for another host":
            lambda o: o.spec("Certificate", "filing").update(dnsNames=["review"]),
    },
    "ports": {
        "a port that no configuration opens": lambda o: o.container()["ports"][0].update(containerPort=7999),
        "a service at another port": lambda o: o.spec("Service", "filing")["ports"][0].update(port=7999),
    },
    "arrows": {
        "an arrow without a policy": lambda o: o.spec("NetworkPolicy", "filing")["egress"].pop(),
        "a policy whose rules do not count": lambda o: o.spec("NetworkPolicy", "filing").update(policyTypes=["Ingress"]),
        "a policy without an arrow": add_arrow,
        "a port open to all": lambda o: o.spec("NetworkPolicy", "subsidy")["ingress"].append({"ports": [{"port": 7104}]}),
        "a range of ports": lambda o: first_port(o).update(endPort=9999),
        "another protocol": lambda o: first_port(o).update(protocol="UDP"),
        "a network for a database": lambda o: o.spec("NetworkPolicy", "to-database")["egress"][0].update(
            to=[{"ipBlock": {"cidr": "192.0.2.0/24"}}]),
        "an arrow allowed twice": twice,
        "a default deny of nobody":
            lambda o: o.spec("NetworkPolicy", "default-deny").update(podSelector={"matchLabels": {"x": "y"}}),
        "a default deny of one direction":
            lambda o: o.spec("NetworkPolicy", "default-deny").update(policyTypes=["Ingress"]),
        "no DNS": lambda o: o.drop("NetworkPolicy", "dns"),
        "DNS anywhere": lambda o: o.spec("NetworkPolicy", "dns")["egress"][0].pop("to"),
    },
    "parts": {
        "a service without a disruption budget": lambda o: o.drop("PodDisruptionBudget", "review"),
    },
    "references": {
        "a volume of a claim that is not there": lambda o: o.drop("PersistentVolumeClaim", "papers"),
        "a secret that nobody makes": lambda o: o.drop("Certificate", "migrate"),
        "a file that is not mounted": lambda o: o.container()["volumeMounts"].pop(),
        "the configuration of another":
            lambda o: o.container()["command"].__setitem__(2, "/etc/alliance/config/review.textproto"),
        "a service of nobody":
            lambda o: o.spec("Service", "filing").update(selector={"app.kubernetes.io/name": "filling"}),
        "a service that is not headless": lambda o: o.spec("Service", "filing").pop("clusterIP"),
        "a service to no port": lambda o: o.spec("Service", "filing")["ports"][0].update(targetPort="grcp"),
        "a scaler of nothing":
            lambda o: o.spec("HorizontalPodAutoscaler", "filing")["scaleTargetRef"].update(name="filling"),
        "a budget of nobody": lambda o: o.spec("PodDisruptionBudget", "filing")["selector"].update(
            matchLabels={"app.kubernetes.io/name": "filling"}),
        "a monitor of no port":
            lambda o: o.spec("PodMonitor", "alliance")["podMetricsEndpoints"][0].update(port="metrics"),
    },
    "schema": {
        "a field of the wrong type": lambda o: o.spec("Deployment", "filing").update(replicas="three"),
        "a field that a kind needs": lambda o: o.spec("Certificate", "filing").pop("issuerRef"),
        "a misspelled field": lambda o: o.container().update(imagePullPolice="Always"),
        "a misspelled field of cert-manager": lambda o: o.spec("Certificate", "filing").update(renewBfore="1h"),
        "a kind that is not there": lambda o: o.one("Service", "filing").update(kind="Servise"),
    },
}


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[1])
    good, wrong, planted, misspelled = check.load(root, "production"), [], 0, {}

    def spoilt(change):
        objects = Objects(copy.deepcopy(good))
        change(objects)
        return objects

    with tempfile.TemporaryDirectory(dir=root / "build/k8s") as folder:
        for kind, changes in MISTAKES.items():
            for what, change in changes.items():
                planted += 1
                objects = spoilt(change)
                if kind == "schema":
                    path = pathlib.Path(folder) / f"{planted}.yaml"
                    path.write_text(yaml.dump_all(objects, Dumper=yaml.CSafeDumper), encoding="utf-8")
                    misspelled[str(path)] = what
                    continue
                found = check.examine(check.Overlay(root, "production", objects)).findings
                if not any(f"[{kind}]" in finding for finding in found):
                    wrong.append(f"{what}: expected a finding [{kind}], got {found}")
        # One start of node for all: it is what takes the time.
        done = subprocess.run(["node", str(root / "build/k8s/npm/schema.mjs"), *misspelled],
                              capture_output=True, text=True, check=False)
        for path, what in misspelled.items():
            if done.returncode != 1 or f"{path}: [schema]" not in done.stdout:
                wrong.append(f"{what}: expected a finding [schema], got {done.stdout}{done.stderr}")
    for text in wrong:
        print("NOT FOUND:", text)
    print(f"planted mistakes: {planted - len(wrong)} of {planted} found")
    return 1 if wrong or not planted else 0


if __name__ == "__main__":
    sys.exit(main())
