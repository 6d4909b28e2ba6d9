#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Images as buildah, docker and strangers make them: image.py DIR makes all of them there;
image.py DIR BUSYBOX makes an OCI layout there whose images run that program, see runnable.

good/    an OCI layout with the tags 1, 2 (one layer more), wide (zstd) and many (an index of
         two platforms), and good.tar, the same as a file
docker.tar, two.tar    as "docker save" writes it, of one image and of two
bad/NAME an OCI layout each with something wrong, see BAD
"""

import copy
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile


def entry(name, data=None, **more):
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    info.mtime = 1700000000
    for key, value in more.items():
        setattr(info, key, value)
    if data is not None:
        info.size = len(data)
    return info, data


def folder(name, **more):
    return entry(name, None, **{"type": tarfile.DIRTYPE, "mode": 0o755, **more})


def tar(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in entries:
            archive.addfile(info, None if data is None else io.BytesIO(data))
    return out.getvalue()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


def capability():
    """security.capability of a file that may bind low ports: VFS_CAP_REVISION_2"""
    return bytes.fromhex("0100000200040000000000000000000000000000").decode("latin-1")


FIRST = tar(
    folder("./"),
    folder("bin"),
    entry("bin/tool", b"tool\n", mode=0o4755),
    entry("bin/same", type=tarfile.LNKTYPE, linkname="bin/tool"),
    entry("bin/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    entry("bin/cap", b"cap\n", mode=0o755, pax_headers={"SCHILY.xattr.security.capability":
                                                        capability()}),
    folder("data", mode=0o2750, uid=1000, gid=1001),
    entry("data/mine", b"mine\n", mode=0o600, uid=1000, gid=1001, uname="nobody-here"),
    entry("data/gone", b"gone\n"),
    folder("old"),
    entry("old/file", b"old\n"),
    entry("dev/null", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
    entry("/absolute", b"absolute\n"),
    entry("./ä", b"umlaut\n"),
    entry("overlay", b"x", pax_headers={"SCHILY.xattr.trusted.overlay.redirect": "/etc"}),
)
SECOND = tar(
    entry("data/.wh.gone", b""),
    folder("old"),
    entry("old/.wh..wh..opq", b""),
    entry("old/new", b"new\n"),
    entry("new", b"new\n"),
)

CONFIG = {
    "created": "2026-11-01T12:00:00.5Z", "architecture": "amd64", "os": "linux",
    "config": {"Entrypoint": ["/bin/tool"], "Cmd": ["serve"], "Env": ["A=1"],
               "User": "1000", "WorkingDir": "/data"},
}


class Layout:
    def __init__(self, path):
        self.path = path
        self.manifests = []
        os.makedirs(path + "/blobs/sha256")
        self.write("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')

    def write(self, name, data):
        with open(self.path + "/" + name, "wb") as file:
            file.write(data)

    def blob(self, data, digest=None):
        digest = digest or sha(data)
        self.write("blobs/sha256/" + digest, data)
        return {"digest": "sha256:" + digest, "size": len(data)}

    def image(self, *layers, pack=gzip.compress, config=None, diff_ids=None, **more):
        config = copy.deepcopy(config or CONFIG)
        config["rootfs"] = {"type": "layers",
                            "diff_ids": diff_ids or ["sha256:" + sha(data) for data in layers]}
        config.update(more)
        return self.blob(json.dumps({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": self.blob(json.dumps(config).encode()),
            "layers": [self.blob(pack(data)) for data in layers],
        }).encode())

    def tag(self, descriptor, tag, **more):
        self.manifests.append({**descriptor, **more, "annotations": {
            "org.opencontainers.image.ref.name": tag}})
        self.write("index.json", json.dumps({"schemaVersion": 2,
                                             "manifests": self.manifests}).encode())


def platform(architecture):
    return {"platform": {"os": "linux", "architecture": architecture}}


def good(path):
    layout = Layout(path)
    layout.tag(layout.image(FIRST), "1")
    layout.tag(layout.image(FIRST, SECOND), "2")
    layout.tag(layout.image(FIRST, pack=zstd, config={**CONFIG, "author": "zstd"}), "wide")
    layout.tag(layout.blob(json.dumps({"manifests": [
        {**layout.image(FIRST, architecture="s390x"), **platform("s390x")},
        {**layout.image(SECOND, architecture="arm64"), **platform("arm64")},
        {**layout.image(FIRST, author="amd64"), **platform("amd64")},
    ]}).encode()), "many")
    with tarfile.open(path + ".tar", "w") as archive:
        archive.add(path, ".")


def docker(path, *images):
    """images: (names, layers); of the second on, layers that were there are links"""
    entries, manifest, seen = [], [], {}
    for number, (names, layers) in enumerate(images):
        config = copy.deepcopy(CONFIG)
        config["author"] = str(number)
        config["rootfs"] = {"type": "layers", "diff_ids": ["sha256:" + sha(x) for x in layers]}
        config = json.dumps(config).encode()
        paths = []
        for count, data in enumerate(layers):
            where = f"{number}-{count}/layer.tar"
            if data in seen:
                entries.append(entry(where, type=tarfile.SYMTYPE, linkname="../" + seen[data]))
            else:
                entries.append(entry(where, data))
                seen[data] = where
            paths.append(where)
        entries.append(entry(sha(config) + ".json", config))
        manifest.append({"Config": sha(config) + ".json", "RepoTags": names, "Layers": paths})
    entries.append(entry("manifest.json", json.dumps(manifest).encode()))
    with open(path, "wb") as file:
        file.write(tar(*entries))


def sparse():
    """A file of 8 TiB, of which the archive has nothing: GNU's format 1.0"""
    size = 8 << 40
    return tar(entry("huge", b"1\n%d\n0\n".ljust(512, b"\0") % size, pax_headers={
        "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "huge",
        "GNU.sparse.realsize": str(size)}))


def link(name, to):
    return entry(name, type=tarfile.SYMTYPE, linkname=to)


# A layer each, and what vsw says of it.
HOSTILE = {
    "dots": (tar(entry("a/../../escaped-vsw", b"x")), "leads out of it"),
    "link-out": (tar(link("way", "/tmp"), entry("way/escaped-vsw", b"x")), "symlink"),
    "link-up": (tar(link("way", "../../../../.."), entry("way/escaped-vsw", b"x")), "symlink"),
    "link-chain": (tar(link("a", "/tmp"), link("b", "a"), entry("b/escaped-vsw", b"x")), "symlink"),
    "hard-out": (tar(entry("a", type=tarfile.LNKTYPE, linkname="/etc/passwd")),
                 "does not exist"),
    "hard-dots": (tar(entry("a", type=tarfile.LNKTYPE, linkname="../../names.json")),
                  "leads out of it"),
    "hard-link-out": (tar(link("way", "/etc"), entry("a", type=tarfile.LNKTYPE,
                                                     linkname="way/passwd")), "symlink"),
    "white-out": (tar(link("way", "/tmp"), entry("way/.wh.canary", b"")), "no directory"),
    "white-dots": (tar(entry(".wh...", b"")), "takes away nothing"),
    "opaque-out": (tar(link("way", "/tmp"), entry("way/.wh..wh..opq", b"")), "no directory"),
    "sparse": (sparse(), "more than"),
    "bomb": (tar(entry("zeros", bytes(20 << 20))), "more than"),
    "truncated": (FIRST[:2000], "no whole tar archive|Truncated"),
    "no-tar": (b"no tar at all, but long enough to be read" * 100, "no tar archive"),
}


def bad(path):
    said = {}
    for name, (layer, text) in HOSTILE.items():
        layout = Layout(f"{path}/{name}")
        layout.tag(layout.image(layer), "1")
        said[name] = text

    def one(name, text):
        said[name] = text
        return Layout(f"{path}/{name}")

    layout = one("layer-digest", "its digest is")
    manifest = layout.image(SECOND)
    for blob in os.listdir(layout.path + "/blobs/sha256"):
        with open(layout.path + "/blobs/sha256/" + blob, "rb") as file:
            data = file.read()
        if data[:2] == b"\x1f\x8b":
            layout.write("blobs/sha256/" + blob, gzip.compress(FIRST))
    layout.tag(manifest, "1")
    layout = one("diff-id", "digest of its content")
    layout.tag(layout.image(FIRST, diff_ids=["sha256:" + sha(b"")]), "1")
    layout = one("layer-count", "2 layers, but its configuration says 1")
    layout.tag(layout.image(FIRST, SECOND, diff_ids=["sha256:" + sha(FIRST)]), "1")
    layout = one("config-digest", "damaged or not what it says")
    manifest = layout.image(FIRST)
    with open(layout.path + "/blobs/sha256/" + manifest["digest"][7:], "rb") as file:
        config = json.load(file)["config"]["digest"][7:]
    layout.write("blobs/sha256/" + config, b"{}")
    layout.tag(manifest, "1")
    layout = one("digest-path", "no digest of SHA-256")
    layout.tag({"digest": "sha256:../../../../etc/passwd", "size": 1}, "1")
    layout = one("digest-kind", "no digest of SHA-256")
    layout.tag({"digest": "md5:" + 32 * "0", "size": 1}, "1")
    layout = one("no-blob", "No such file")
    layout.tag({"digest": "sha256:" + 64 * "0", "size": 1}, "1")
    layout = one("fifo", "is no file")
    os.mkfifo(layout.path + "/blobs/sha256/" + 64 * "1")
    layout.tag({"digest": "sha256:" + 64 * "1", "size": 1}, "1")
    layout = one("blob-link", "[Ii]nvalid cross-device link|Too many levels")
    os.symlink("/etc/passwd", layout.path + "/blobs/sha256/" + 64 * "2")
    layout.tag({"digest": "sha256:" + 64 * "2", "size": 1}, "1")
    layout = one("loop", "more than 4")
    inner = {}
    for _ in range(8):
        inner = layout.blob(json.dumps({"manifests": [inner or layout.image(FIRST)]}).encode())
    layout.tag(inner, "1")
    layout = one("no-json", "no JSON")
    layout.tag(layout.blob(b"[[[["), "1")
    layout = one("long-json", "longer than")
    layout.tag(layout.blob(b"[" + b" " * (5 << 20) + b"]"), "1")
    layout = one("many-layers", "more than 127")
    layout.tag(layout.image(*[FIRST] * 128), "1")
    layout = one("elsewhere", "no image for linux/")
    layout.tag(layout.image(FIRST), "1", **platform("pdp11"))
    os.mkdir(path + "/empty")
    said["empty"] = "neither manifest.json .* nor index.json"
    with open(path + "/said", "w", encoding="utf-8") as file:
        for name, text in said.items():
            file.write(f"{name} {text}\n")


def runnable(path, busybox):
    with open(busybox, "rb") as file:
        program = file.read()
    names = ["sh", "cat", "echo", "env", "id", "pwd", "httpd", "ls", "touch", "sleep", "stat"]
    base = tar(folder("./"), folder("bin"), entry("bin/busybox", program, mode=0o755),
               *[link("bin/" + name, "busybox") for name in names],
               folder("etc"), folder("tmp", mode=0o1777),
               entry("etc/passwd", b"root:x:0:0::/root:/bin/sh\nweb:x:33:44::/:/bin/sh\n"),
               entry("etc/group", b"root:x:0:\nweb:x:44:\nstaff:x:50:\n"))
    page = tar(folder("www"), entry("www/index.html", b"a page\n"))
    layout = Layout(path)

    def image(tag, *layers, **config):
        layout.tag(layout.image(*layers, config={**CONFIG, "config": config}), tag)

    image("web", base, page, Entrypoint=["httpd", "-f", "-h", "/www"], Cmd=["-p", "80"])
    image("command", base, Entrypoint=["echo", "said"], Cmd=["by the image"])
    image("plain", base, Cmd=["echo", "hello"])
    image("nothing", base)
    image("env", base, Cmd=["env"], Env=["PATH=/bin", "A=of the image", "B=b=c"])
    image("bad-env", base, Cmd=["env"], Env=["nothing"])
    image("bad-command", base, Cmd=["echo", 5])
    image("user", base, Cmd=["id"], User="web")
    image("group", base, Cmd=["id"], User="web:staff")
    image("number", base, Cmd=["id"], User="33")
    image("unknown", base, Cmd=["id"], User="nobody-here")
    image("no-passwd", base, tar(entry("etc/.wh.passwd", b"")), Cmd=["id"], User="web")
    image("passwd-link", base, tar(link("etc/passwd", "../../../../../etc/passwd-of-host")),
          Cmd=["id"], User="host")
    image("workdir", base, Cmd=["pwd"], WorkingDir="/made/for/it")
    image("workdir-link", base, tar(link("made", "/proc/self/root/tmp")), Cmd=["pwd"],
          WorkingDir="/made/for/it")
    image("white", base, page, tar(entry("www/.wh.index.html", b""), entry("www/x", b"")),
          Cmd=["ls", "/www"])
    image("twice", base, page, base, Cmd=["cat", "/www/index.html"])
    image("many", base, *[tar(folder("layers"), entry(f"layers/{i:03}", b"")) for i in range(126)],
          Cmd=["sh", "-c", "ls /layers | busybox wc -l"])


def main(path):
    good(path + "/good")
    docker(path + "/docker.tar", (["docker.io/library/web:1.2", "web:latest"], [FIRST, SECOND]))
    docker(path + "/two.tar", (["one:1"], [FIRST]), (["example.org:5000/two:2"], [FIRST, SECOND]))
    os.mkdir(path + "/bad")
    bad(path + "/bad")


if len(sys.argv) > 2:
    runnable(*sys.argv[1:])
else:
    main(sys.argv[1])
