#!/usr/bin/python3
"""Pushes an evaluation firm's scores over native gRPC with mutual TLS, as a firm's system would.

    push_scores.py --address 127.0.0.1:8443 --ca ca.crt --cert LNPJ-01.crt --key LNPJ-01.key scores.json

scores.json: {"requestId": "<uuid, optional>", "scores": [{"evaluation", "expert", "itemHundredths",
"comment"}]}. Repeat with the same requestId after a failure: nothing is stored twice. Ends 0 when all
are stored, 1 when refused (every wrong field is printed), 2 when the service could not be reached.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import uuid

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[3]
GOOGLEAPIS = "/usr/share/gocode/src/github.com/gogo/googleapis"

# Only UNAVAILABLE is repeated, with the same request_id, so a lost answer cannot store scores twice.
SERVICE_CONFIG = json.dumps({"methodConfig": [{
    "name": [{"service": "alliance.evaluation.v1.EvaluationService"}],
    "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.1s", "maxBackoff": "5s",
                    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]})


def make_stubs(folder):
    """Generates the Python code of the protos, once; a firm would keep it in its own build."""
    folder = pathlib.Path(folder)
    if (folder / ".done").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    own = sorted(str(p.relative_to(ROOT / "proto")) for p in (ROOT / "proto").rglob("*.proto"))
    subprocess.run(["protoc", f"-I{ROOT / 'proto'}", f"-I{GOOGLEAPIS}", f"--python_out={folder}",
                    f"--grpc_out={folder}", "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin",
                    *own, "google/rpc/status.proto", "google/rpc/error_details.proto"], check=True)
    (folder / ".done").touch()


def print_details(error):
    """The reason word and every wrong field, from grpc-status-details-bin."""
    from alliance.errors.v1 import errors_pb2
    from google.rpc import error_details_pb2, status_pb2
    print(f"{error.code().name}: {error.details()}")
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for any_ in status_pb2.Status.FromString(value).details:
            info, problems = error_details_pb2.ErrorInfo(), errors_pb2.Problems()
            if any_.Unpack(info):
                print(f"  reason: {info.reason} {dict(info.metadata) or ''}")
            elif any_.Unpack(problems):
                print(f"  {problems.text_zh}")
                for field in problems.fields:
                    print(f"  {field.field}: {field.reason} {field.text_zh}")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--address", "--ca", "--cert", "--key"):
        options.add_argument(name, required=True)
    options.add_argument("--deadline", type=float, default=20, help="seconds for all attempts")
    options.add_argument("--stubs", default=str(ROOT / "build/python"))
    options.add_argument("scores", type=pathlib.Path)
    options = options.parse_args()

    make_stubs(options.stubs)
    sys.path.insert(0, options.stubs)
    import grpc
    from google.protobuf import json_format
    from alliance.evaluation.v1 import evaluation_pb2, evaluation_pb2_grpc

    content = json.loads(options.scores.read_text())
    content.setdefault("requestId", str(uuid.uuid4()))
    request = json_format.ParseDict(content, evaluation_pb2.PushScoresRequest())
    read = lambda path: pathlib.Path(path).read_bytes()
    credentials = grpc.ssl_channel_credentials(read(options.ca), read(options.key), read(options.cert))
    with grpc.secure_channel(options.address, credentials,
                             options=[("grpc.service_config", SERVICE_CONFIG),
                                      ("grpc.enable_http_proxy", 0)]) as channel:
        stub = evaluation_pb2_grpc.EvaluationServiceStub(channel)
        try:
            answer = stub.PushScores(request, timeout=options.deadline)
        except grpc.RpcError as error:
            print_details(error)
            return 2 if error.code() in (grpc.StatusCode.UNAVAILABLE,
                                         grpc.StatusCode.DEADLINE_EXCEEDED) else 1
    for score in answer.scores:
        print(f"{score.evaluation} {score.expert} revision {score.revision}: "
              f"{score.total_hundredths / 100:.2f}")
    print(f"{len(answer.scores)} scores stored, request {request.request_id}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
