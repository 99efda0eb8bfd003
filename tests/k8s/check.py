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


# Word for word: either of them wider or narrower undoes all other policies.
POLICIES = {
    "default-deny": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    "dns": {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{
            "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
            "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
        }],
    },
}


class Overlay:
    """The objects of one overlay, and what was found in them."""

    def __init__(self, root, name, objects):
        self.root, self.name, self.objects, self.findings, self.checked = root, name, objects, [], 0

    def check(self, right, kind, where, why):
        self.checked += 1
        if not right:
            self.findings.append(f"{self.name}: [{kind}] {where}: {why}")

    def of(self, *kinds):
        return [o for o in self.objects if o["kind"] in kinds]

    def workloads(self):
        return self.of(*WORKLOADS)

    def pods(self):
        """{workload: the labels of its pods}"""
        return {o["metadata"]["name"]: o["spec"]["template"]["metadata"]["labels"] for o in self.workloads()}


def load(root, name):
    """The objects that kustomize built of an overlay."""
    with open(root / "build/k8s" / f"{name}.yaml", encoding="utf-8") as file:
        return [o for o in yaml.load_all(file, yaml.CSafeLoader) if o]


def where(obj):
    return f"{obj['kind']}/{obj['metadata']['name']}"


def pod_of(workload):
    return workload["spec"]["template"]["spec"]


def ports_of(workload):
    return {p["name"]: p["containerPort"] for c in pod_of(workload)["containers"] for p in c.get("ports", [])}


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
        overlay.check(not any(pod.get(host) for host in ("hostNetwork", "hostPID", "hostIPC")), "security",
                      name, "shares a namespace of its host")
        for volume in pod.get("volumes", []):
            overlay.check(volume.keys() & {"configMap", "secret", "emptyDir", "persistentVolumeClaim"},
                          "security", name, f"mounts {volume['name']} from somewhere else")
        for container in pod["containers"] + pod.get("initContainers", []):
            check_container(overlay, workload, container, f"{name}/{container['name']}")


def check_container(overlay, workload, container, name):
    security = container.get("securityContext", {})
    overlay.check(security.get("readOnlyRootFilesystem") is True, "security", name,
                  "may write to its root")
    overlay.check(security.get("allowPrivilegeEscalation") is False, "security", name,
                  "may gain privileges")
    overlay.check(not security.get("privileged"), "security", name, "is privileged")
    if overlay.name != "base":  # an overlay says which image
        tag = container["image"].rpartition("/")[2].partition(":")[2]
        overlay.check(tag not in ("", "latest"), "image", name, f"runs whatever {container['image']} is today")
    overlay.check(security.get("capabilities", {}).get("drop") == ["ALL"], "security", name,
                  "keeps capabilities")
    for bound in ("requests", "limits"):
        for resource in ("cpu", "memory"):
            overlay.check(resource in container.get("resources", {}).get(bound, {}), "limits", name,
                          f"has no {bound} of {resource}")
    if workload["kind"] != "Job":
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            overlay.check(probe in container, "probes", name, f"has no {probe}")
            check_probe(overlay, workload, probe, container.get(probe, {}))
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


def check_probe(overlay, workload, kind, probe):
    """Alive is the process; ready is the database too (docs/decisions/0013-liveness.md)."""
    name = f"{where(workload)}/{kind}"
    asked = probe.get("httpGet") or probe.get("tcpSocket") or {}
    overlay.check(asked.get("port") in ports_of(workload), "probes", name, "asks at a port that is not listed")
    if workload["kind"] == "Deployment":
        path = "/readyz" if kind == "readinessProbe" else "/healthz"
        overlay.check((asked.get("path"), asked.get("port")) == (path, "admin"), "probes", name,
                      f"does not ask for {path} at admin")


def check_parts(overlay):
    """What every service must have beside its Deployment."""
    have = {(o["kind"], o["metadata"]["name"]) for o in overlay.objects}
    for service in SERVICES:
        for kind in ("Deployment", "Service", "ServiceAccount", "PodDisruptionBudget",
                     "HorizontalPodAutoscaler", "NetworkPolicy", "Certificate"):
            overlay.check((kind, service) in have, "parts", service, f"has no {kind}")
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
            listed = ports_of(obj)
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
    if selector.keys() - {"matchLabels"}:
        return {f"whom this check cannot tell ({selector})"}
    labels = selector.get("matchLabels", {})
    return {name for name, own in pods.items() if labels.items() <= own.items()}


def port_of(port):
    """Its number; with more words where it is more than one TCP port."""
    plain = port.get("protocol", "TCP") == "TCP" and "endPort" not in port
    return port["port"] if plain else f"{port['port']}-{port.get('endPort', '')}/{port.get('protocol', 'TCP')}"


def peers_of(rule_peers, pods):
    """Names of the pods, namespaces or address ranges that a rule's `from` or `to` speaks of."""
    if not rule_peers:
        return {"anybody at all"}
    out = set()
    for peer in rule_peers:
        if "ipBlock" in peer:
            network = ipaddress.ip_network(peer["ipBlock"]["cidr"])
            names = {0: "anywhere", network.max_prefixlen: "database"}
            out.add(names.get(network.prefixlen, str(network)))
        elif "namespaceSelector" in peer:
            labels = peer["namespaceSelector"].get("matchLabels", {})
            out.add("ns:" + labels.get("kubernetes.io/metadata.name", "any"))
        else:
            out |= selected(peer["podSelector"], pods) or {f"nobody ({peer['podSelector']})"}
    return out


def allowed(overlay):
    """{(from, to, port): [policy, …]} for either direction."""
    pods, inward, outward = overlay.pods(), {}, {}
    for policy in overlay.of("NetworkPolicy"):
        if policy["metadata"]["name"] in POLICIES:
            continue  # everybody's, checked word for word
        for own in selected(policy["spec"]["podSelector"], pods):
            for direction, key, table in (("ingress", "from", inward), ("egress", "to", outward)):
                if direction.capitalize() not in policy["spec"]["policyTypes"]:
                    continue  # Kubernetes does not read its rules either
                for rule in policy["spec"].get(direction) or []:
                    for peer in peers_of(rule.get(key), pods):
                        for port in [port_of(p) for p in rule.get("ports", [])] or ["any"]:
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


def check_policies_of_all(overlay):
    for name, words in POLICIES.items():
        have = [o["spec"] for o in overlay.of("NetworkPolicy") if o["metadata"]["name"] == name]
        overlay.check(have == [words], "arrows", name, f"is not {words}")


# References --------------------------------------------------------------------------------------

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
            if "secret" in volume:
                check_secret(overlay, workload, volume["name"], volume["secret"]["secretName"], secrets)


def check_secret(overlay, workload, volume, name, made):
    """A Secret is its workload's alone; cert-manager makes it, or the runbook tells people to."""
    own = workload["metadata"]["name"]
    overlay.check(name == f"{own}-{volume}", "secrets", where(workload), f"mounts {name}, which is not its own")
    runbook = (overlay.root / "deploy/runbook.md").read_text(encoding="utf-8")
    told = {f"`{name}`", f"`<service>-{volume}`"} if own in SERVICES else {f"`{name}`"}
    overlay.check(name in made or any(t in runbook for t in told), "references", where(workload),
                  f"nobody makes {name}")


def check_no_secrets(overlay):
    for obj in overlay.of("Secret"):
        overlay.check(False, "secrets", where(obj), "stands in the manifests for all to read")


def check_selectors(overlay):
    """What names pods or ports by their labels names those that it should."""
    pods, workloads = overlay.pods(), {o["metadata"]["name"]: o for o in overlay.workloads()}
    for obj in overlay.of("Deployment", "StatefulSet", "PodDisruptionBudget", "Service"):
        name, spec = obj["metadata"]["name"], obj["spec"]
        if spec.get("type") == "ExternalName":
            continue
        selector = {"matchLabels": spec["selector"]} if obj["kind"] == "Service" else spec["selector"]
        chosen = selected(selector, pods)
        overlay.check(chosen == {name}, "references", where(obj), f"selects {sorted(chosen)}")
        if obj["kind"] == "Service":
            overlay.check(spec.get("clusterIP") == "None", "references", where(obj),
                          "is not headless: gRPC would keep to one pod")
            for port in spec["ports"]:
                overlay.check(port.get("targetPort") in ports_of(workloads[name]), "references", where(obj),
                              f"leads to the port {port.get('targetPort')}, which no container lists")
    for obj in overlay.of("HorizontalPodAutoscaler"):
        target = obj["spec"]["scaleTargetRef"]
        overlay.check((target["kind"], target["name"]) == ("Deployment", obj["metadata"]["name"]),
                      "references", where(obj), f"scales {target['kind']}/{target['name']}")
    for obj in overlay.of("PodMonitor"):
        chosen = selected(obj["spec"]["selector"], pods)
        overlay.check(set(SERVICES) <= chosen, "references", where(obj), f"reads only {sorted(chosen)}")
        ports = {e["port"] for e in obj["spec"]["podMetricsEndpoints"]}
        overlay.check(ports == {"admin"}, "references", where(obj), f"reads at {sorted(ports)}")


def check_files(overlay):
    """A service reads its own configuration, and every file that this names is mounted."""
    configs = {o["metadata"]["name"]: o["data"] for o in overlay.of("ConfigMap")}
    for workload in overlay.of("Deployment"):
        name, pod = workload["metadata"]["name"], pod_of(workload)
        file = f"{name}.textproto"
        overlay.check(pod["containers"][0]["command"] ==
                      [f"/usr/local/bin/{name}", "--config", f"/etc/alliance/config/{file}"], "references",
                      where(workload), "does not start its program with its own configuration")
        maps = [v["configMap"]["name"] for v in pod["volumes"] if "configMap" in v]
        text = "".join(configs.get(m, {}).get(file, "") for m in maps)
        overlay.check(bool(text), "references", where(workload), f"mounts no {file}")
        mounts = [pathlib.PurePath(m["mountPath"]) for m in pod["containers"][0]["volumeMounts"]]
        for path in map(pathlib.PurePath, re.findall(r'"(/(?:etc|var)/[^"]+)"', text)):
            overlay.check(any(path.is_relative_to(m) for m in mounts), "references", where(workload),
                          f"{path} is not mounted")


def check_identities(overlay):
    """A certificate says who its holder is, to peers by URI and to the resolver by name."""
    for obj in overlay.of("Certificate"):
        name, spec = obj["metadata"]["name"], obj["spec"]
        uris = {"database": [], "migrate": ["alliance://services/ctl"]}.get(name, [f"alliance://services/{name}"])
        overlay.check(spec.get("uris", []) == uris, "identity", where(obj), f"speaks for {spec.get('uris')}")
        overlay.check(name in spec["dnsNames"] and all(n.split(".")[0] == name for n in spec["dnsNames"]),
                      "identity", where(obj), f"is for the host {spec['dnsNames']}")


def examine(overlay):
    for rule in (check_labels, check_pods, check_parts, check_ports, check_policies_of_all, check_references,
                 check_no_secrets, check_selectors, check_files, check_identities):
        rule(overlay)
    if overlay.name != "base":  # the base has no database, so its arrows to one lead nowhere
        check_arrows(overlay)
    return overlay


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    overlays = [examine(Overlay(root, name, load(root, name))) for name in ("base", "demo", "production")]
    findings = [finding for overlay in overlays for finding in overlay.findings]
    checked, objects = sum(o.checked for o in overlays), sum(len(o.objects) for o in overlays)
    for finding in findings:
        print(finding)
    print(f"policy: {len(findings)} findings in {checked} checks of {objects} objects")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
