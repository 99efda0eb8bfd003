#!/usr/bin/python3 -B
"""api.py         proto/ still has everything that proto/api.txt lists
api.py renew   writes proto/api.txt anew

proto/api.txt is the API of the last release, one line for each message, field, enum, value, service
and RPC, as a client is compiled against it: name, number, type, presence. A line that proto/ no longer
has is a break: something was removed, renamed, renumbered or is of another type. Below 1.0 a break is
allowed when the commit that renews the list adds a line "- API break: ..." to CHANGELOG.md. What is new
in proto/ is no break, and binds nobody until the list is renewed (at a release).
"""

import os
import re
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIST = "proto/api.txt"
CHANGELOG = "CHANGELOG.md"
# For imports of google/api and google/rpc; those of cmake/alliance.cmake.
GOOGLE = "/usr/share/gocode/src/github.com/gogo/googleapis"

_Field = descriptor_pb2.FieldDescriptorProto
_TYPES = {number: name.removeprefix("TYPE_").lower() for name, number in _Field.Type.items()}


def field_line(message, field):
    words = [_TYPES[field.type] if not field.type_name else field.type_name.lstrip(".")]
    if field.label == _Field.LABEL_REPEATED:
        words.insert(0, "repeated")
    elif field.proto3_optional:
        words.insert(0, "optional")
    elif field.HasField("oneof_index"):
        words.append(f"in {message.oneof_decl[field.oneof_index].name}")
    return f"{field.name} = {field.number} {' '.join(words)}"


def enum_lines(scope, enum):
    yield f"{scope}.{enum.name} enum"
    for value in enum.value:
        yield f"{scope}.{enum.name}.{value.name} = {value.number}"


def message_lines(scope, message):
    name = f"{scope}.{message.name}"
    yield f"{name} message"
    for field in message.field:
        yield f"{name}.{field_line(message, field)}"
    for enum in message.enum_type:
        yield from enum_lines(name, enum)
    for nested in message.nested_type:
        yield from message_lines(name, nested)


def service_lines(scope, service):
    name = f"{scope}.{service.name}"
    yield f"{name} service"
    for rpc in service.method:
        request = ("stream " if rpc.client_streaming else "") + rpc.input_type.lstrip(".")
        answer = ("stream " if rpc.server_streaming else "") + rpc.output_type.lstrip(".")
        yield f"{name}.{rpc.name} ({request}) returns ({answer})"


def lines_of(root):
    """Every line of the API that root/proto describes, sorted."""
    proto = os.path.join(root, "proto")
    files = sorted(os.path.relpath(os.path.join(folder, name), proto)
                   for folder, _, names in os.walk(proto) for name in names if name.endswith(".proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["protoc", "-I", proto, *(["-I", GOOGLE] if os.path.isdir(GOOGLE) else []),
                        "--descriptor_set_out", out.name, *files], check=True)
        described = descriptor_pb2.FileDescriptorSet.FromString(out.read())
    found = []
    for file in described.file:
        for message in file.message_type:
            found += message_lines(file.package, message)
        for enum in file.enum_type:
            found += enum_lines(file.package, enum)
        for service in file.service:
            found += service_lines(file.package, service)
    return sorted(found)


def breaks(before, now):
    """What `before` has and `now` has not, with what became of it."""
    there = {line.split()[0]: line for line in now}
    for line in sorted(set(before) - set(now)):
        became = there.get(line.split()[0])
        yield f"{line}: {'is now ' + became.split(maxsplit=1)[1] if became else 'is gone'}"


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def git(root, *words):
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def unnamed_breaks(root):
    """The last renewal of the list, and one not yet committed: what it lost and the changelog does not name.
    None when this is no git checkout."""
    commits = git(root, "log", "-1", "--format=%H", "--", LIST)
    if commits is None:
        return None
    found = []
    steps = [(f"{commit}^", commit) for commit in commits.split()] + [("HEAD", None)]
    for before, after in steps:
        old, old_log = (git(root, "show", f"{before}:{path}") for path in (LIST, CHANGELOG))
        if old is None:  # the first list, or the end of a shallow history
            continue
        new, new_log = (git(root, "show", f"{after}:{path}") if after else read(root, path)
                        for path in (LIST, CHANGELOG))
        lost = sorted(set(old.splitlines()) - set((new or "").splitlines()))
        added = set((new_log or "").splitlines()) - set((old_log or "").splitlines())
        if lost and not any(re.match(r"- API break: \S", line) for line in added):
            found.append(f"{after[:12] if after else 'the working tree'}: {LIST} lost \"{lost[0]}\""
                         f"{f' and {len(lost) - 1} more' if lost[1:] else ''}: "
                         f"add a line \"- API break: ...\" to {CHANGELOG} in the same commit")
    return found


def check(root):
    """Findings and notes, as lines."""
    listed, now = read(root, LIST).splitlines(), lines_of(root)
    findings = [f"API break: {line}" for line in breaks(listed, now)]
    if findings:
        findings.append(f"Bring them back; or run tests/api/api.py renew, and name the break in {CHANGELOG}")
    unnamed = unnamed_breaks(root)
    notes = [f"api: {len(listed)} lines of the last release, {len(set(now) - set(listed))} new in proto/"]
    if unnamed is None:
        notes.append(f"api: earlier versions of {LIST} NOT COMPARED: this is no git checkout")
    return findings + (unnamed or []), notes


def renew(root):
    with open(os.path.join(root, LIST), "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines_of(root))


def main():
    if sys.argv[1:] == ["renew"]:
        renew(ROOT)
    elif sys.argv[1:]:
        sys.exit(__doc__)
    findings, notes = check(ROOT)
    print("\n".join(findings + notes))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
