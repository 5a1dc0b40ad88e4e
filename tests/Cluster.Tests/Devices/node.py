#!/usr/bin/env python3
"""A device node in Python's standard library: what an FPGA board's host or a phone's app would do.

It "measures" by a formula: a nanosecond for each multiply-accumulate, a microsecond for each operation.
    node.py URL DEVICE TOKEN_FILE [--jobs N]
"""
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request

url, device, token_file = sys.argv[1:4]
jobs = int(sys.argv[5]) if len(sys.argv) > 5 else None   # ends after so many
token = open(token_file).read().strip()
node = {"name": f"python/{os.getpid()}", "calibration": "a formula/1", "processor": "none", "threads": 1}


def post(verb, body):
    """The answer's JSON, or None where there is no content."""
    request = urllib.request.Request(
        f"{url.rstrip('/')}/api/v1/devices/{device}/{verb}", json.dumps(body).encode(), method="POST",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as e:
            if e.code < 500 and e.code != 429:
                sys.exit(f"refused: {json.loads(e.read() or b'{}').get('detail', e.code)}")
        except OSError:
            pass   # the silo is away: ask again
        time.sleep(1)


def size(extent):
    """The mean of a size that may vary."""
    return sum(point["n"] * point["p"] for point in extent["distribution"])


def macs(op):
    if op["is"] == "gemm":
        return op["weights"]["m"] * op["weights"]["k"] * size(op["columns"])
    if op["is"] == "attention":
        return 2 * op["heads"] * op["width"] * size(op["queries"]) * size(op["keys"])
    if op["is"] == "elementwise":
        return size(op["rows"]) * op["columns"]
    raise NotImplementedError(f"{op['id']}: no kernel for {op['is']}")


def measure(workload):
    """Milliseconds of one run."""
    return sum(op["repeat"] * (1e-3 + 1e-6 * macs(op) * workload["batch"]) for op in workload["ops"])


def serve(lease):
    job = lease["job"]
    mine, began = {"node": node["name"], "job": job["id"], "token": lease["token"]}, time.monotonic()
    done = threading.Event()

    def beat():
        step = 0
        while not done.wait(lease["beatSeconds"]):
            step += 1
            if not post("beat", {**mine, "step": step})["goOn"]:
                return

    threading.Thread(target=beat, daemon=True).start()
    try:
        time_ms = measure(job["workload"])
        notes = [f"{op['id']}: a formula in place of runs" for op in job["workload"]["ops"]]
        report = {"reading": {"milliseconds": time_ms, "spread": 0.001 * time_ms, "samples": 9, "calibration": node["calibration"], "notes": notes}}
    except NotImplementedError as e:
        report = {"failure": {"code": "uncovered", "message": str(e)}}
    done.set()
    report["phases"] = {"measuringMs": 1e3 * (time.monotonic() - began)}
    if "trace" in job:
        report["trace"] = job["trace"]
    answer = post("report", {**mine, **report})
    print(job["id"], "counts" if answer["counts"] else answer["why"], flush=True)


while jobs is None or jobs > 0:
    lease = post("lease", node)
    if lease is None:
        continue
    serve(lease)
    jobs = None if jobs is None else jobs - 1
