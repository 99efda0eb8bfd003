#!/usr/bin/python3
"""tests/k8s/check.py [ROOT]   the rules of the house for k8s/, over what kustomize builds.

Reads the overlays that tests/k8s/run built (build/k8s/<overlay>.yaml below ROOT), the generated
configurations and the services' sources; prints one line per finding and a count. Exit code 1 when
there is a finding. Needs Debian's python3-yaml.
"""
import ipaddress
import pathlib
import re
import sys

import yaml

SERVICES = ("gateway", "filing", "review", "evaluation", "subsidy")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


class Overlay:
    def __init__(self, root, name):
        self.root, self.name, self.findings, self.checked = root, name, [], 0
        text = (root / "build/k8s" / f"{name}.yaml").read_text(encoding="utf-8")
        self.objects = [o for o in yaml.safe_load_all(text) if o]

    def check(self, right, kind, where, why):
        self.checked += 1
        if not right:
            self.findings.append(f"{self.name}: [{kind}] {where}: {why}")

    def of(self, *kinds):
        return [o for o in self.objects if o["kind"] in kinds]

    def workloads(self):
        return self.of(*WORKLOADS)


def where(obj):
    return f"{obj['kind']}/{obj['metadata']['name']}"


def pod_of(workload):
    return workload["spec"]["template"]["spec"]


def check_labels(overlay):
    for obj in overlay.objects:
        labels = obj["metadata"].get("labels", {})
        for label in ("app.kubernetes.io/name", "app.kubernetes.io/part-of"):
            overlay.check(label in labels, "labels", where(obj), f"has no label {label}")


def check_pods(overlay):
    for workload in overlay.workloads():
        name, pod = where(workload), pod_of(workload)
        security = pod.get("securityContext", {})
        overlay.check(security.get("runAsNonRoot") is True, "security", name, "may run as root")
        overlay.check(security.get("seccompProfile", {}).get("type") == "RuntimeDefault", "security",
                      name, "has no seccomp profile")
        overlay.check(pod.get("automountServiceAccountToken") is False, "security", name,
                      "mounts a token of the cluster that it does not need")
        overlay.check(bool(pod.get("serviceAccountName")), "security", name,
                      "runs as the default service account")
        for container in pod["containers"] + pod.get("initContainers", []):
            check_container(overlay, workload, container, f"{name}/{container['name']}")


def check_container(overlay, workload, container, name):
    security = container.get("securityContext", {})
    overlay.check(security.get("readOnlyRootFilesystem") is True, "security", name,
                  "may write to its root")
    overlay.check(security.get("allowPrivilegeEscalation") is False, "security", name,
                  "may gain privileges")
    overlay.check(security.get("capabilities", {}).get("drop") == ["ALL"], "security", name,
                  "keeps capabilities")
    for bound in ("requests", "limits"):
        for resource in ("cpu", "memory"):
            overlay.check(resource in container.get("resources", {}).get(bound, {}), "limits", name,
                          f"has no {bound} of {resource}")
    if workload["kind"] != "Job":
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            overlay.check(probe in container, "probes", name, f"has no {probe}")
    if workload["kind"] == "Deployment":
        overlay.check("preStop" in container.get("lifecycle", {}), "drain", name, "has no preStop")
        # 25 s of drain (common/process/process.cc) after preStop's 5 s.
        overlay.check(pod_of(workload).get("terminationGracePeriodSeconds", 30) >= 35, "drain", name,
                      "is killed before its drain is over")
    for variable in container.get("env", []):
        secret = "secretKeyRef" in variable.get("valueFrom", {}) or (
            "value" in variable and not variable["name"].endswith("_FILE"))
        overlay.check(not secret, "secrets", f"{name}/{variable['name']}",
                      "a value in the environment: secrets are files, settings are configuration")
    overlay.check("envFrom" not in container, "secrets", name, "takes its environment from elsewhere")


def check_parts(overlay):
    """What every service must have beside its Deployment."""
    have = {(o["kind"], o["metadata"]["name"]) for o in overlay.objects}
    for service in SERVICES:
        for kind in ("Deployment", "Service", "ServiceAccount", "PodDisruptionBudget",
                     "HorizontalPodAutoscaler", "NetworkPolicy", "Certificate"):
            overlay.check((kind, service) in have, "parts", service, f"has no {kind}")
    overlay.check(("NetworkPolicy", "default-deny") in have, "parts", "namespace", "has no default deny")
    for obj in overlay.of("Namespace"):
        overlay.check(obj["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") == "restricted",
                      "parts", where(obj), "does not enforce the restricted standard")


def config_ports(root, service):
    """{grpc, admin, http: port} that the service's configuration opens."""
    text = (root / f"k8s/base/config/{service}.textproto").read_text(encoding="utf-8")
    found = dict(re.findall(r'(grpc|admin|http)_address: "0\.0\.0\.0:(\d+)"', text))
    return {name: int(port) for name, port in found.items()}


def check_ports(overlay):
    """Every port of a manifest is one that the configuration opens, under the same name."""
    for service in SERVICES:
        opens = config_ports(overlay.root, service)
        for obj in overlay.of("Deployment"):
            if obj["metadata"]["name"] != service:
                continue
            listed = {p["name"]: p["containerPort"] for p in pod_of(obj)["containers"][0]["ports"]}
            overlay.check(listed == opens, "ports", where(obj), f"lists {listed}, the configuration opens {opens}")
        for obj in overlay.of("Service"):
            if obj["metadata"]["name"] != service:
                continue
            for port in obj["spec"]["ports"]:
                overlay.check(opens.get(port["name"]) == port["port"], "ports", where(obj),
                              f"offers {port['name']} {port['port']}, the configuration opens {opens}")


# Arrows ------------------------------------------------------------------------------------------

def expected_arrows(overlay):
    """(from, to, port) of the picture: the destinations in the sources, and the edges."""
    root, arrows = overlay.root, set()
    ports = {service: config_ports(root, service) for service in SERVICES}
    for service in SERVICES[1:]:
        source = (root / f"services/{service}/main.cc").read_text(encoding="utf-8")
        for called in re.findall(r'"(\w+)"', re.search(r"\.destinations = \{([^}]*)\}", source)[1]):
            arrows.add((service, called, ports[called]["grpc"]))
        arrows.add(("gateway", service, ports[service]["grpc"]))
    arrows |= {("ns:ingress", "gateway", ports["gateway"]["http"]),
               ("anywhere", "gateway", ports["gateway"]["grpc"])}
    for service in SERVICES:
        arrows.add(("ns:monitoring", service, ports[service]["admin"]))
    for client in SERVICES + ("migrate",):
        arrows.add((client, "database", 3306))
    return arrows


def selected(selector, pods):
    labels = selector.get("matchLabels", {})
    return {name for name, own in pods.items() if labels.items() <= own.items()}


def peers_of(rule_peers, pods):
    """Names of the pods, namespaces or address ranges that a rule's `from` or `to` speaks of."""
    if not rule_peers:
        return {"anybody at all"}
    out = set()
    for peer in rule_peers:
        if "ipBlock" in peer:
            network = ipaddress.ip_network(peer["ipBlock"]["cidr"])
            out.add("anywhere" if network.prefixlen == 0 else "database")
        elif "namespaceSelector" in peer:
            labels = peer["namespaceSelector"].get("matchLabels", {})
            out.add("ns:" + labels.get("kubernetes.io/metadata.name", "any"))
        else:
            out |= selected(peer["podSelector"], pods) or {f"nobody ({peer['podSelector']})"}
    return out


def allowed(overlay):
    """{(from, to, port): [policy, …]} for either direction."""
    pods = {o["metadata"]["name"]: o["spec"]["template"]["metadata"]["labels"] for o in overlay.workloads()}
    inward, outward = {}, {}
    for policy in overlay.of("NetworkPolicy"):
        if policy["metadata"]["name"] == "dns":
            continue  # everybody's, checked by its own words in check_dns
        for own in selected(policy["spec"]["podSelector"], pods):
            for direction, key, table in (("ingress", "from", inward), ("egress", "to", outward)):
                for rule in policy["spec"].get(direction) or []:
                    for peer in peers_of(rule.get(key), pods):
                        for port in [p["port"] for p in rule.get("ports", [])] or ["any"]:
                            arrow = (peer, own, port) if direction == "ingress" else (own, peer, port)
                            table.setdefault(arrow, []).append(policy["metadata"]["name"])
    return pods, inward, outward


def check_arrows(overlay):
    expected = expected_arrows(overlay)
    pods, inward, outward = allowed(overlay)
    for table, side in ((inward, "in"), (outward, "out")):
        for arrow, policies in sorted(table.items(), key=str):
            overlay.check(arrow in expected, "arrows", "/".join(policies),
                          f"allows {arrow[0]} → {arrow[1]}:{arrow[2]} ({side}), which the picture does not have")
            overlay.check(len(policies) == 1, "arrows", "/".join(policies),
                          f"{arrow[0]} → {arrow[1]}:{arrow[2]} is allowed more than once")
    for arrow in sorted(expected, key=str):
        text = f"{arrow[0]} → {arrow[1]}:{arrow[2]}"
        if arrow[0] in pods:
            overlay.check(arrow in outward, "arrows", text, "no policy lets it out")
        if arrow[1] in pods:
            overlay.check(arrow in inward, "arrows", text, "no policy lets it in")


def check_dns(overlay):
    for policy in overlay.of("NetworkPolicy"):
        if policy["metadata"]["name"] != "dns":
            continue
        ports = {(p["port"], p["protocol"]) for rule in policy["spec"]["egress"] for p in rule["ports"]}
        overlay.check(ports == {(53, "UDP"), (53, "TCP")} and len(policy["spec"]["egress"]) == 1,
                      "arrows", "dns", "allows more or less than DNS")


def check_references(overlay):
    """Volumes name config maps, secrets of certificates and claims that are there."""
    have = {(o["kind"], o["metadata"]["name"]) for o in overlay.objects}
    secrets = {o["spec"]["secretName"] for o in overlay.of("Certificate")}
    for workload in overlay.workloads():
        account = pod_of(workload).get("serviceAccountName")
        overlay.check(("ServiceAccount", account) in have, "references", where(workload),
                      f"there is no service account {account}")
        for volume in pod_of(workload).get("volumes", []):
            if "configMap" in volume:
                name = volume["configMap"]["name"]
                overlay.check(("ConfigMap", name) in have, "references", where(workload), f"there is no {name}")
            if "persistentVolumeClaim" in volume:
                name = volume["persistentVolumeClaim"]["claimName"]
                overlay.check(("PersistentVolumeClaim", name) in have, "references", where(workload),
                              f"there is no claim {name}")
            if volume["name"] == "tls":
                name = volume["secret"]["secretName"]
                overlay.check(name in secrets, "references", where(workload), f"no certificate makes {name}")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    findings, checked, objects = [], 0, 0
    for name in ("base", "demo", "production"):
        overlay = Overlay(root, name)
        for rule in (check_labels, check_pods, check_parts, check_ports, check_dns, check_references):
            rule(overlay)
        if name != "base":  # the base has no database, so its arrows to one lead nowhere
            check_arrows(overlay)
        findings += overlay.findings
        checked += overlay.checked
        objects += len(overlay.objects)
    for finding in findings:
        print(finding)
    print(f"policy: {len(findings)} findings in {checked} checks of {objects} objects")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
