"""Rules over the protos: every element has a comment, fields say Required/Optional/Output only, the
names of requests follow their RPC, and every RPC is routed and has its file."""

import re

from cpp import code_only, line_of, without_comments
from tree import Finding

_RPC = re.compile(r"\brpc\s+(\w+)\s*\(\s*(stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(stream\s+)?([\w.]+)\s*\)")
_FIELD = re.compile(r"^(?:repeated\s+|optional\s+)?(?:map\s*<[^>]+>|[\w.]+)\s+(\w+)\s*=\s*\d+\s*(?:\[.*\])?;")
_VALUE = re.compile(r"^(\w+)\s*=\s*-?\d+\s*(?:\[.*\])?;")
_OPEN = re.compile(r"^(message|enum|service|oneof)\s+(\w+)\s*\{(\s*\})?")
_PREFIX = re.compile(r"^(Required|Optional|Output only)\b")

# Backends whose handlers are looked for; the gateway's few are its own business.
HANDLERS = ("filing", "review", "evaluation", "subsidy")


def protos(tree):
    return [p for p in tree.with_suffix(".proto") if p.startswith("proto/")]


def package_of(text):
    found = re.search(r"^package\s+([\w.]+);", text, re.M)
    return found.group(1) if found else ""


def rpcs(tree):
    """(path, line, package, service, method, request, response) of every RPC."""
    for path in protos(tree):
        text = without_comments(tree.text(path))
        services = [(m.start(), m[1]) for m in re.finditer(r"^service\s+(\w+)", text, re.M)]
        for match in _RPC.finditer(text):
            owner = [name for start, name in services if start < match.start()]
            yield (path, line_of(text, match.start()), package_of(text), owner[-1] if owner else "",
                   match[1], match[3].split(".")[-1], match[5].split(".")[-1])


def check_comments(tree):
    """A comment above every message, field, enum, value, service and RPC."""
    for path in protos(tree):
        lines = tree.lines(path)
        if not lines[0].startswith("//"):
            yield Finding(path, 1, "proto-comment", "a file begins with what it is for")
        package = package_of(tree.text(path))
        if package and "/".join(path.split("/")[1:-1]) != package.replace(".", "/"):
            yield Finding(path, 1, "proto-name", f"package {package} does not match its folder")
        stack, comment, pending = [], "", None
        for number, raw in enumerate(lines, 1):
            line = raw.strip()
            if line.startswith("//"):
                comment = f"{comment} {line[2:].strip()}".strip()
                continue
            if pending is not None:  # an element that goes on over several lines
                pending = None if (";" in line or "{" in line) else pending
                comment = ""
                continue
            opened = _OPEN.match(line)
            if opened:
                kind, name = opened[1], opened[2]
                if not comment:
                    yield Finding(path, number, "proto-comment", f"{kind} {name} has no comment")
                if not opened[3]:
                    stack.append(kind)
            elif line.startswith("rpc "):
                if not comment:
                    yield Finding(path, number, "proto-comment", f"rpc {line.split('(')[0][4:]} has no comment")
                if line.endswith("{"):
                    stack.append("rpc")
                elif not line.endswith((";", "{}")):
                    pending = line
            elif line.startswith("}"):
                if stack:
                    stack.pop()
            elif line and stack:
                yield from _element(path, number, line, stack[-1], comment)
            comment = ""


def _element(path, number, line, inside, comment):
    field = _FIELD.match(line)
    value = _VALUE.match(line)
    if inside == "enum" and value:
        if not comment:
            yield Finding(path, number, "proto-comment", f"value {value[1]} has no comment")
    elif inside in ("message", "oneof") and field and not line.startswith(("option ", "reserved ")):
        if not comment:
            yield Finding(path, number, "proto-comment", f"field {field[1]} has no comment")
        elif inside == "message" and not _PREFIX.match(comment):
            yield Finding(path, number, "proto-comment",
                          f"field {field[1]}: begin with Required, Optional or Output only")


def check_names(tree):
    """RPC Verb takes VerbRequest, or a request that several RPCs of its service share; what it returns
    is VerbResponse or a resource."""
    users = {}
    for path, _line, _package, service, method, request, _response in rpcs(tree):
        users.setdefault((path, service, request), []).append(method)
    for path, line, _package, service, method, request, response in rpcs(tree):
        if not request.endswith("Request") or \
                (request != method + "Request" and len(users[path, service, request]) < 2):
            yield Finding(path, line, "proto-name", f"{method} takes {request}, not {method}Request")
        if response.endswith("Request") or \
                (response.endswith("Response") and response != method + "Response"):
            yield Finding(path, line, "proto-name", f"{method} returns {response}, not {method}Response")


def check_routes(tree):
    """Every RPC is in the gateway's table or named as not public, no row names an RPC that is gone,
    and every RPC of a service is defined in one .cc file there, named after it or after the verbs
    that share it."""
    routes = "services/gateway/routes.h"
    all_rpcs = list(rpcs(tree))
    if routes in tree.paths:
        text = without_comments(tree.text(routes))
        rows = {m[1]: line_of(text, m.start()) for m in re.finditer(r'"/([\w.]+/\w+)"', text)}
        known = {f"{package}.{service}/{method}" for _, _, package, service, method, _, _ in all_rpcs}
        for path, line, package, service, method, _, _ in all_rpcs:
            if f"{package}.{service}/{method}" not in rows and f"{package}.{service}/" not in text:
                yield Finding(path, line, "routes", f"{service}.{method} is not in {routes}")
        for name, line in rows.items():
            if name not in known:
                yield Finding(routes, line, "routes", f"no proto has {name}")
    for owner in HANDLERS:
        if f"services/{owner}/main.cc" not in tree.paths:
            continue
        code = "\n".join(tree.made(p, without_comments) for p in tree.with_suffix(".cc")
                         if p.startswith(f"services/{owner}/") and not p.endswith("_test.cc"))
        for path, line, package, service, method, _, _ in all_rpcs:
            if package == f"alliance.{owner}.v1" and \
                    not re.search(rf"^\S.*\b{service}::{method}\(", code, re.M):
                yield Finding(path, line, "routes", f"no .cc of services/{owner} defines {service}::{method}")
        wire = f"services/{owner}/service.cc"
        bound = set(re.findall(r"\bALLIANCE_BIND\w*\((\w+)\)", code_only(tree.text(wire)))) \
            if wire in tree.paths else set()
        for path, line, package, service, method, _, _ in all_rpcs:
            if package == f"alliance.{owner}.v1" and method not in bound:
                yield Finding(path, line, "routes", f"{wire} does not bind {method}: it would be unimplemented")


CHECKS = [check_comments, check_names, check_routes]
