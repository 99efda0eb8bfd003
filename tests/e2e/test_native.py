"""The native gRPC listener against a real suite: a paper in one stream, and bytes that no gRPC client
would send."""

import hashlib
import os
import socket
import ssl
import struct
import sys

import cast
from world import ROOT, WorldTest, new_id

PIECE = 256 << 10


class NativeUpload(WorldTest):
    """UploadPaper through the gateway: whole, broken off, refused (R-031; reliability 4.4)."""

    def setUp(self):
        super().setUp()
        stubs = self.suite.run / "python/stubs"
        sys.path.insert(0, str(ROOT / "tests/clients/python"))
        import push_scores
        push_scores.make_stubs(stubs)
        if str(stubs) not in sys.path:
            sys.path.insert(0, str(stubs))
        import grpc
        from alliance.filing.v1 import filing_pb2, filing_pb2_grpc, paper_pb2
        self.grpc, self.pb, self.paper = grpc, filing_pb2, paper_pb2.Paper
        ca = self.suite.run / "ca"
        read = lambda name: (ca / name).read_bytes()
        self.channel = grpc.secure_channel(
            self.suite.grpc_address,
            grpc.ssl_channel_credentials(read("ca.crt"), read("LNPJ-01.key"), read("LNPJ-01.crt")),
            options=[("grpc.enable_http_proxy", 0)])
        self.addCleanup(self.channel.close)
        self.filing = filing_pb2_grpc.FilingServiceStub(self.channel)
        self.case = self.draft()
        self.content = cast.scan("协议" + "x" * 700_000)
        self.metadata = [("authorization", f"Bearer {self.case.lead().token}")]

    def header(self, content, **changed):
        paper = dict(slot="A2_AGREEMENT", file_name="协议.pdf", size_bytes=len(content),
                     sha256=hashlib.sha256(content).digest())
        paper.update(changed)
        return self.pb.UploadPaperRequest(header=self.pb.UploadPaperHeader(
            name=self.case.name, etag=self.case.application()["etag"], request_id=new_id(),
            paper=self.paper(**paper)))

    def pieces(self, content):
        return [self.pb.UploadPaperRequest(content=content[at:at + PIECE])
                for at in range(0, len(content), PIECE)]

    def papers(self):
        return self.case.application().get("papers", [])

    def code_of(self, messages, metadata=None):
        with self.assertRaises(self.grpc.RpcError) as caught:
            self.filing.UploadPaper(iter(messages), timeout=20,
                                    metadata=self.metadata if metadata is None else metadata)
        return caught.exception.code()

    def test_whole_broken_off_and_again(self):
        code = self.grpc.StatusCode
        header = self.header(self.content)
        cut = len(self.content) // 2

        class Gone(Exception):
            pass

        def breaks_off():
            yield header
            yield self.pb.UploadPaperRequest(content=self.content[:cut])
            raise Gone  # the client library cancels the call

        with self.assertRaises(self.grpc.RpcError):
            self.filing.UploadPaper(breaks_off(), timeout=20, metadata=self.metadata)
        self.assertEqual(self.papers(), [], "nothing half-written is visible")

        self.assertEqual(self.code_of([header, *self.pieces(self.content[:cut])]),
                         code.FAILED_PRECONDITION, "not whole")
        self.assertEqual(self.papers(), [])
        # The same request again, whole.
        answer = self.filing.UploadPaper(iter([header, *self.pieces(self.content)]), timeout=20,
                                         metadata=self.metadata)
        self.assertEqual(answer.papers[0].sha256, hashlib.sha256(self.content).digest())
        self.assertEqual(answer.next_step.role, "applicant")
        self.assertEqual(len(self.papers()), 1)
        again = self.filing.UploadPaper(iter([header, *self.pieces(self.content)]), timeout=20,
                                        metadata=self.metadata)
        self.assertEqual(again.etag, answer.etag, "a repeat gets the first answer")

    def test_who_may_not_and_what_is_too_large(self):
        code = self.grpc.StatusCode
        whole = [self.header(self.content), *self.pieces(self.content)]
        self.assertEqual(self.code_of(whole, metadata=[]), code.PERMISSION_DENIED)  # the firm itself
        other = self.session(self.next_firm().login).token
        self.assertEqual(self.code_of(whole, metadata=[("authorization", f"Bearer {other}")]),
                         code.PERMISSION_DENIED)
        # A gigabyte is refused by its header; the pieces behind it are not asked for.
        asked = 0

        def gigabyte():
            nonlocal asked
            yield self.header(self.content, size_bytes=1 << 30)
            for _ in range(4096):
                asked += 1
                yield self.pb.UploadPaperRequest(content=b"x" * PIECE)

        self.assertEqual(self.code_of(gigabyte()), code.INVALID_ARGUMENT)
        self.assertLess(asked, 200, "most of the gigabyte was never sent")
        self.assertEqual(self.papers(), [])


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def literal(name, value):
    """A header field as HPACK has it without table and without Huffman code; lengths below 2^21."""
    def text(raw):
        if len(raw) < 127:
            return bytes((len(raw),)) + raw
        rest, out = len(raw) - 127, b"\x7f"
        while rest >= 128:
            out, rest = out + bytes((rest % 128 + 128,)), rest // 128
        return out + bytes((rest,)) + raw
    return b"\x00" + text(name) + text(value)


class NativeWire(WorldTest):
    """Headers that no client library sends: an answer or an end of this stream or connection, and the
    listener goes on serving (reliability 4.5; CVE-2023-1428)."""

    at = None

    def connect(self):
        ca = self.suite.run / "ca"
        context = ssl.create_default_context(cafile=ca / "ca.crt")
        context.check_hostname = False
        context.load_cert_chain(ca / "LNPJ-01.crt", ca / "LNPJ-01.key")
        context.set_alpn_protocols(["h2"])
        host, port = self.suite.grpc_address.rsplit(":", 1)
        raw = socket.create_connection((host, int(port)), timeout=10)
        self.addCleanup(raw.close)
        return context.wrap_socket(raw, server_hostname=host)

    def said(self, fields):
        """What comes back to one call of GetRound with these header fields added."""
        base = [(b":method", b"POST"), (b":scheme", b"https"),
                (b":path", b"/alliance.filing.v1.FilingService/GetRound"), (b":authority", b"gateway"),
                (b"content-type", b"application/grpc"), (b"te", b"trailers"), (b"grpc-timeout", b"5S")]
        block = b"".join(literal(name, value) for name, value in base + fields)
        link = self.connect()
        out = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")
        first, rest = block[:16000], block[16000:]
        out += frame(1, 0 if rest else 4, 1, first)
        while rest:
            part, rest = rest[:16000], rest[16000:]
            out += frame(9, 0 if rest else 4, 1, part)
        message = b"\x0a\x0frounds/2023-tsl"
        out += frame(0, 1, 1, b"\0" + struct.pack(">I", len(message)) + message)
        came = b""
        try:
            link.sendall(out)
            while chunk := link.recv(65536):
                came += chunk
                if self.end_of(came):
                    break
        except (ConnectionError, ssl.SSLError):
            return "closed"
        finally:
            link.close()
        return self.end_of(came) or "closed"

    @staticmethod
    def end_of(came):
        """How stream 1 ended: answered, or reset with it or with the whole connection; not yet: nothing."""
        at = 0
        while at + 9 <= len(came):
            size = int.from_bytes(came[at:at + 3], "big")
            kind, flags, stream = came[at + 3], came[at + 4], int.from_bytes(came[at + 5:at + 9], "big")
            if kind in (3, 7):
                return "reset"
            if stream == 1 and kind in (0, 1) and flags & 1:
                return "answered"
            at += 9 + size
        return None

    def test_odd_headers_end_their_stream_and_nothing_else(self):
        process = (self.suite.run / "pid/gateway.pid").read_text()
        rows = [[],
                [(b"x-bytes-bin", b"!!!! no base64 !!!!")],
                [(b"traceparent", b"\xff\xfe")],
                [(b"authorization", b"Bearer \r\nx: y")],
                [(b"te", b"trailers, " + b"x" * 9000)],
                [(b"te", b"gzip")] * 50,
                [(b"alliance-caller-bin", b"AAAA")],
                [(b"x-" + str(i).encode(), b"y" * 100) for i in range(200)],
                [(b"UPPER", b"case")],
                [(b":path", b"/again")]]
        for fields in rows:
            self.assertIn(self.said(fields), ("answered", "reset", "closed"), str(fields)[:80])
            self.assertEqual(self.said([]), "answered", f"after {str(fields)[:80]}")
        self.assertEqual((self.suite.run / "pid/gateway.pid").read_text(), process)
        os.kill(int(process), 0)  # that very process still runs
