#!/usr/bin/env python3
"""Times the experiments as NumPy programs: what a notebook runs, the loss of every step included.

  numpy_epoch.py CASE DTYPE      one measurement, for a look
  numpy_epoch.py                 a worker: reads "CASE DTYPE SECONDS" lines, answers each with a line of JSON

CASE is one of CASES below, DTYPE is float32 or float64. A measurement repeats the case for about SECONDS and is the
wall time of one epoch or step. Set OPENBLAS_NUM_THREADS=1 and OPENBLAS_CORETYPE before the start: NumPy's OpenBLAS
reads them when it is loaded. numpy_against_mlpbench.py does.

The data are random numbers of the experiment's shape: the time of these operations does not depend on the values.
"""
import ctypes
import json
import re
import sys
import time

try:
    import numpy as np
except ModuleNotFoundError:
    sys.exit("numpy_epoch.py: NumPy is not installed (Debian and Ubuntu: apt install python3-numpy)")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Network:
    """One hidden layer. `rows` says how the notebook stores a batch: samples as rows, or as columns."""

    def __init__(self, inputs, hidden, dtype, rows, rate, scale):
        random = np.random.RandomState(1)
        shape = (lambda a, b: (a, b)) if rows else (lambda a, b: (b, a))
        self.W1 = (random.randn(*shape(inputs, hidden)) * scale).astype(dtype)
        self.W2 = (random.randn(*shape(hidden, 1)) * scale).astype(dtype)
        self.b1 = np.zeros(shape(1, hidden), dtype)
        self.b2 = np.zeros((1, 1), dtype)
        self.rate = dtype(rate)

    def descend(self, dW1, db1, dW2, db2):
        self.W1 -= self.rate * dW1
        self.b1 -= self.rate * db1
        self.W2 -= self.rate * dW2
        self.b2 -= self.rate * db2


def labels(X):
    """0 or 1 for each sample of X, (samples x features); noisy, so that no output saturates."""
    noise = np.random.RandomState(3).randn(len(X), 1)
    return (X.sum(axis=1, keepdims=True) + 2 * noise > 0).astype(X.dtype)


def breast_cancer(dtype):
    """30-10-1, ReLU and sigmoid, all 455 samples a step; the data lie sample after sample."""
    net = Network(30, 10, dtype, rows=False, rate=0.1, scale=0.1)
    X = np.random.RandomState(2).randn(455, 30).astype(dtype)
    Y, m, epsilon = labels(X), 455, dtype(1e-8)

    def epoch():
        Z1 = np.dot(net.W1, X.T) + net.b1
        A1 = np.maximum(0, Z1)
        A2 = sigmoid(np.dot(net.W2, A1) + net.b2)
        loss = -np.mean(Y.T * np.log(A2 + epsilon) + (1 - Y.T) * np.log(1 - A2 + epsilon))
        dZ2 = A2 - Y.T
        dW2 = np.dot(dZ2, A1.T) / m
        db2 = np.sum(dZ2, axis=1, keepdims=True) / m
        dZ1 = np.dot(net.W2.T, dZ2) * (Z1 > 0)
        dW1 = np.dot(dZ1, X) / m
        db1 = np.sum(dZ1, axis=1, keepdims=True) / m
        net.descend(dW1, db1, dW2, db2)
        return loss

    return epoch


def planar(dtype):
    """2-4-1, tanh and sigmoid, all 400 samples a step; a sample is a column."""
    net = Network(2, 4, dtype, rows=False, rate=0.01, scale=0.1)
    X = np.random.RandomState(2).randn(400, 2).astype(dtype)
    X, Y, m = np.ascontiguousarray(X.T), np.ascontiguousarray(labels(X).T), 400

    def epoch():
        A1 = np.tanh(np.dot(net.W1, X) + net.b1)
        A2 = sigmoid(np.dot(net.W2, A1) + net.b2)
        loss = -(1 / m) * np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
        dZ2 = A2 - Y
        dW2 = np.dot(dZ2, A1.T) / m
        db2 = np.sum(dZ2, axis=1, keepdims=True) / m
        dZ1 = np.dot(net.W2.T, dZ2) * (1 - A1 * A1)
        dW1 = np.dot(dZ1, X.T) / m
        db1 = np.sum(dZ1, axis=1, keepdims=True) / m
        net.descend(dW1, db1, dW2, db2)
        return loss

    return epoch


def moons_batch(dtype, batch=32):
    """2-4-1, tanh and sigmoid, one step; a sample is a row. Returns the network's step on (x, y)."""
    net = Network(2, 4, dtype, rows=True, rate=0.01, scale=0.5)

    def step(x, y):
        A1 = np.tanh(np.dot(x, net.W1) + net.b1)
        A2 = sigmoid(np.dot(A1, net.W2) + net.b2)
        loss = -np.sum(y * np.log(A2) + (1 - y) * np.log(1 - A2)) / batch
        dZ2 = A2 - y
        dW2 = np.dot(A1.T, dZ2) / batch
        db2 = np.sum(dZ2, axis=0, keepdims=True) / batch
        dZ1 = np.dot(dZ2, net.W2.T) * (1 - A1 * A1)
        dW1 = np.dot(x.T, dZ1) / batch
        db1 = np.sum(dZ1, axis=0, keepdims=True) / batch
        net.descend(dW1, db1, dW2, db2)
        return loss

    return step


def moons_step(dtype):
    step = moons_batch(dtype)
    X = np.random.RandomState(2).randn(32, 2).astype(dtype)
    Y = labels(X)
    return lambda: step(X, Y)


def moons(dtype, samples=800, batch=32):
    """An epoch: the order is drawn, then 25 batches are gathered and trained on."""
    step = moons_batch(dtype, batch)
    random = np.random.RandomState(2)
    X = random.randn(samples, 2).astype(dtype)
    Y = labels(X)

    def epoch():
        order = np.arange(samples)
        random.shuffle(order)
        for start in range(0, samples - batch + 1, batch):
            chosen = order[start:start + batch]
            loss = step(X[chosen], Y[chosen])
        return loss

    return epoch


def regression(dtype):
    """1-10-1, ReLU and identity, mean squared error, all 100 samples a step; a sample is a row."""
    net = Network(1, 10, dtype, rows=True, rate=0.01, scale=1.0)
    X = np.random.RandomState(2).rand(100, 1).astype(dtype)
    Y, m = 3 * X + 2, 100

    def epoch():
        Z1 = X @ net.W1 + net.b1
        A1 = np.maximum(0, Z1)
        Z2 = A1 @ net.W2 + net.b2
        loss = np.mean((Y - Z2) ** 2)
        dZ2 = Z2 - Y
        dW2 = A1.T @ dZ2 / m
        db2 = np.sum(dZ2, axis=0, keepdims=True) / m
        dZ1 = (dZ2 @ net.W2.T) * (Z1 > 0)
        dW1 = X.T @ dZ1 / m
        db1 = np.sum(dZ1, axis=0, keepdims=True) / m
        net.descend(dW1, db1, dW2, db2)
        return loss

    return epoch


CASES = {
    "epoch/breast_cancer/batch455": breast_cancer,
    "epoch/moons/batch32": moons,
    "epoch/planar/batch400": planar,
    "epoch/regression/batch100": regression,
    "step/moons/batch32": moons_step,
}


def openblas_core():
    """What the OpenBLAS in this process says it runs, or None when there is none."""
    with open("/proc/self/maps") as maps:
        libraries = set(re.findall(r"/\S*(?:openblas|libblas)\S*\.so\S*", maps.read()))
    for path in sorted(libraries):
        try:
            corename = ctypes.CDLL(path).openblas_get_corename
        except (OSError, AttributeError):
            continue
        corename.restype = ctypes.c_char_p
        return corename().decode()
    return None


def measure(program, dtype, seconds):
    """Wall seconds of one epoch or step of a new network, and how many were timed."""
    run = program(dtype)
    first, start = run(), time.perf_counter()
    for _ in range(5):
        run()
    count = max(1, int(seconds / ((time.perf_counter() - start) / 5)))
    start = time.perf_counter()
    for _ in range(count):
        loss = run()
    elapsed = time.perf_counter() - start
    if not loss < 1.5 * first:  # not so for NaN either
        sys.exit(f"numpy_epoch.py: the loss went from {first} to {loss}")
    return {"seconds": elapsed / count, "count": count}


def main():
    if len(sys.argv) == 3 and sys.argv[1] in CASES and sys.argv[2] in ("float32", "float64"):
        result = measure(CASES[sys.argv[1]], getattr(np, sys.argv[2]), 0.5)
        print(f"{1e6 * result['seconds']:.2f} us ({result['count']} times; OpenBLAS {openblas_core()})")
        return
    if len(sys.argv) > 1:
        sys.exit(f"usage: numpy_epoch.py [CASE float32|float64]; CASE: {', '.join(CASES)}")
    print(json.dumps({"numpy": np.__version__, "openblas_core": openblas_core()}), flush=True)
    for line in sys.stdin:
        case, dtype, seconds = line.split()
        print(json.dumps(measure(CASES[case], getattr(np, dtype), float(seconds))), flush=True)


if __name__ == "__main__":
    main()
