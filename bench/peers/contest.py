"""What the scripts of peers share: the protocol of valse's bench.Job."""

import json
import resource
import sys
import time

import numpy as np
import scipy.sparse as sps


class Job:
    def __init__(self, fields):
        self.__dict__.update(fields)

    def read_matrix(self, value=1.0):
        with open(self.matrix, "rb") as f:
            users, items, entries = np.fromfile(f, "<i8", 3)
            ptr = np.fromfile(f, "<i8", users + 1)
            index = np.fromfile(f, "<i4", entries)
        if entries < 2**31:
            ptr = ptr.astype(np.int32)
        data = np.full(entries, value, np.float32)
        return sps.csr_matrix((data, index, ptr), shape=(users, items))

    def read_factors(self, users, items):
        with open(self.factors, "rb") as f:
            x = np.fromfile(f, "<f4", users * self.rank).reshape(users, self.rank)
            y = np.fromfile(f, "<f4", items * self.rank).reshape(items, self.rank)
        return x, y

    def write(self, *tables):
        with open(self.out, "wb") as f:
            for t in tables:
                np.ascontiguousarray(t).tofile(f)


def say(**fields):
    print(json.dumps(fields), flush=True)


def take_job():
    return Job(json.loads(sys.stdin.readline()))


def await_round(save):
    """Waits for the next round, saving when asked to; returns its clock, or None at the end."""
    for line in sys.stdin:
        if json.loads(line) == "save":
            save()
            say()
            continue
        u = resource.getrusage(resource.RUSAGE_SELF)
        return u.ru_utime + u.ru_stime, time.perf_counter()
    return None


def high_water(u):
    """The program's own peak: what getrusage tells begins with that of the process it was started from."""
    try:
        with open("/proc/self/status") as f:
            return next(int(line.split()[1]) << 10 for line in f if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return u.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def took(clock, loss=0.0):
    u = resource.getrusage(resource.RUSAGE_SELF)
    say(
        cpu=u.ru_utime + u.ru_stime - clock[0],
        wall=time.perf_counter() - clock[1],
        peak=high_water(u),
        loss=loss,
    )
