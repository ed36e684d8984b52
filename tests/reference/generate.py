#!/usr/bin/env python3
"""Writes the reference values that every backend has to reproduce.

Each experiment is the notebook-style NumPy program, run as written: same seed, same order of random draws,
same update order. Written with NumPy 1.24.2 and scikit-learn 1.2.1 on x86-64 (float64, 17 significant digits),
and with NumPy's vectorised elementary functions switched off, so that sin, cos, exp, log and tanh are the C library's
(they move some values by an ulp otherwise):

  NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX2 FMA3" \
      python3 generate.py OUTPUT_FOLDER

Every trace is computed twice, in float64 and in 80-bit long double. The distance between the two
(`float64_vs_longdouble_max_abs`) says how much of the trace rounding alone can move: a float64 backend that sums
in another order is expected to stay within a small multiple of it.

Added since the first set of files, which it leaves as they were: the experiments take a dtype, worked_backprop's loop
is a function with settings, and variants.json holds the same programs at other settings, each with the distance to
the next wider type, and what StandardScaler makes of the two data files. OPENBLAS_NUM_THREADS=1 and the same OpenBLAS
core (Haswell or Zen) give the same last bits; others move them by an ulp or a few.

usage: python3 generate.py OUTPUT_FOLDER
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits, make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

LD = np.longdouble


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def to_json(value):
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        if value.dtype == LD:
            value = value.astype(np.float64)
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, np.generic):
        return float(value) if value.dtype == LD else value.item()
    return value


def write(folder, name, record):
    record["written_with"] = {"numpy": np.__version__, "scikit-learn": sklearn.__version__}
    (folder / f"{name}.json").write_text(json.dumps(to_json(record), indent=1) + "\n")


def wider(dtype):
    return np.float64 if dtype is np.float32 else LD


def max_abs(a, b):
    return float(np.max(np.abs(np.asarray(a, LD) - np.asarray(b, LD))))


# --- random streams -------------------------------------------------------------------------------------------------


def random_streams():
    streams = []
    for seed in (0, 1, 42, 123456789, 2**32 - 1):
        r = np.random.RandomState(seed)
        entry = {"seed": seed, "random_sample_5": r.random_sample(5), "standard_normal_7": r.standard_normal(7)}
        # an odd number of normals leaves one cached: the next draw must use it
        entry["then_standard_normal_2"] = r.standard_normal(2)
        entry["then_permutation_10"] = r.permutation(10)
        values = np.arange(13)
        r.shuffle(values)
        entry["then_shuffle_13"] = values
        entry["then_uniform_minus2_5_4"] = r.uniform(-2, 5, 4)
        entry["then_random_sample_3"] = r.random_sample(3)
        entry["fresh_permutation_569"] = np.random.RandomState(seed).permutation(569)
        r = np.random.RandomState(seed)
        r.random_sample(100_000)
        entry["random_sample_number_100001"] = r.random_sample()
        r = np.random.RandomState(seed)
        r.standard_normal(100_000)
        entry["standard_normal_number_100001"] = r.standard_normal()
        streams.append(entry)
    return {"generator": "numpy.random.RandomState (legacy MT19937)", "streams": streams}


def sha256_of(order):
    return hashlib.sha256(order.astype("<u4").tobytes()).hexdigest()


def random_shuffles():
    """Orders by their SHA-256 (32-bit words, little-endian), and what the stream draws after them."""
    large, mixed = [], []
    for seed in (0, 42, 2**32 - 1):
        r = np.random.RandomState(seed)
        large.append({"seed": seed, "permutation_1048576": sha256_of(r.permutation(2**20)),
                      "then_random_sample": r.random_sample(), "then_permutation_800": sha256_of(r.permutation(800)),
                      "then_standard_normal": r.standard_normal()})
    for words in (623, 624, 625):  # the generator makes 624 at a time
        r = np.random.RandomState(7)
        r.bytes(4 * words)
        mixed.append({"words": words, "then_permutation_1000": sha256_of(r.permutation(1000)),
                      "then_standard_normal_3": r.standard_normal(3), "then_permutation_5": r.permutation(5),
                      "then_random_sample": r.random_sample()})
    return {"generator": "numpy.random.RandomState (legacy MT19937)", "large": large, "mixed_with_seed_7": mixed}


# --- one hidden layer, written the way the experiments state it -------------------------------------------------------


def perceptron():
    """2-2-1, one sample, ReLU then sigmoid: forward, loss, one update, forward again."""

    def run(t):
        np.random.seed(1)
        W1, b1 = np.random.randn(2, 2).astype(t), np.random.randn(2, 1).astype(t)
        W2, b2 = np.random.randn(1, 2).astype(t), np.random.randn(1, 1).astype(t)
        X, y, lr = np.array([[0.5], [0.8]], t), 1, t(0.1)

        def forward():
            Z1 = W1 @ X + b1
            A1 = np.maximum(0, Z1)
            return Z1, A1, sigmoid(W2 @ A1 + b2)

        Z1, A1, A2 = forward()
        first, loss = A2, -(y * np.log(A2 + t(1e-8)) + (1 - y) * np.log(1 - A2 + t(1e-8)))
        dZ2 = A2 - y
        dW2 = dZ2 @ A1.T
        dZ1 = (W2.T @ dZ2) * (Z1 > 0)
        dW1 = dZ1 @ X.T
        W2, b2, W1, b1 = W2 - lr * dW2, b2 - lr * dZ2, W1 - lr * dW1, b1 - lr * dZ1
        return {"output_before_update": first, "loss": loss, "dW1": dW1, "db1": dZ1, "dW2": dW2, "db2": dZ2,
                "W1": W1, "b1": b1, "W2": W2, "b2": b2, "output_after_update": forward()[2]}

    return {"about": "2-2-1 perceptron, seed 1, lr 0.1, x = (0.5, 0.8), y = 1", **run(np.float64)}


def worked_forward():
    """Fixed weights, two samples, ReLU then sigmoid."""
    W1, b1 = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([0.1, 0.2])
    W2, b2 = np.array([0.5, 0.6]), 0.3
    X = np.array([[1, 2], [3, 4]])
    hidden = np.maximum(0, X @ W1 + b1)
    return {"about": "weights stored (inputs, units); X stored (samples, features)", "W1": W1, "b1": b1, "W2": W2,
            "b2": b2, "X": X, "output": sigmoid(hidden @ W2 + b2)}


def backprop_run(t, lr=0.1, epochs=1000, seed=42):
    X, y, lr = np.array([[1, 2], [2, 3]], t), np.array([[1], [0]], t), t(lr)
    np.random.seed(seed)
    W1, b1 = np.random.rand(2, 2).astype(t), np.random.rand(1, 2).astype(t)
    W2, b2 = np.random.rand(2, 1).astype(t), np.random.rand(1, 1).astype(t)
    initial = {"W1": W1.copy(), "b1": b1.copy(), "W2": W2.copy(), "b2": b2.copy()}

    def step():
        nonlocal W1, b1, W2, b2
        a1 = sigmoid(X @ W1 + b1)
        a2 = sigmoid(a1 @ W2 + b2)
        loss = -np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2))
        d2 = a2 - y
        dW2, db2 = a1.T @ d2, d2.sum(0, keepdims=True)
        d1 = (d2 @ W2.T) * a1 * (1 - a1)
        dW1, db1 = X.T @ d1, d1.sum(0, keepdims=True)
        W1, b1, W2, b2 = W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2
        return loss, {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}

    loss0, gradients = step()
    after = {"W1": W1.copy(), "b1": b1.copy(), "W2": W2.copy(), "b2": b2.copy()}
    trace = [step()[0] for _ in range(epochs)]
    return loss0, gradients, initial, after, np.array(trace), {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def worked_backprop():
    """2-2-1, sigmoid both layers, summed (not averaged) gradients, uniform initial weights, 1 + 1000 updates."""
    loss0, gradients, initial, after, trace, _ = backprop_run(np.float64)
    return {"about": "gradients are sums over the two samples, lr 0.1", "initial": initial, "first_loss": loss0,
            "first_gradients": gradients, "after_first_update": after, "loss_per_epoch": trace,
            "float64_vs_longdouble_max_abs": max_abs(trace, backprop_run(LD)[4])}


def breast_cancer_data(split_seed=42):
    data = load_breast_cancer()
    X, y = StandardScaler().fit_transform(data.data), data.target.reshape(-1, 1)
    rows = np.arange(len(X))
    return train_test_split(X, y, rows, test_size=0.2, random_state=split_seed)


def breast_cancer(hidden=10, epochs=1000, lr=0.1, seed=42, split_seed=42, dtype=np.float64):
    X_train, X_test, y_train, y_test, train_rows, test_rows = breast_cancer_data(split_seed)

    def run(t):
        X, Y = X_train.astype(t), y_train.astype(t)
        np.random.seed(seed)
        W1, b1 = (np.random.randn(hidden, X.shape[1]) * 0.01).astype(t), np.zeros((hidden, 1), t)
        W2, b2 = (np.random.randn(1, hidden) * 0.01).astype(t), np.zeros((1, 1), t)
        m, eps, rate, trace = X.shape[0], t(1e-8), t(lr), []
        for _ in range(epochs):
            Z1 = np.dot(W1, X.T) + b1
            A1 = np.maximum(0, Z1)
            A2 = sigmoid(np.dot(W2, A1) + b2)
            trace.append(-np.mean(Y.T * np.log(A2 + eps) + (1 - Y.T) * np.log(1 - A2 + eps)))
            dZ2 = A2 - Y.T
            dW2, db2 = np.dot(dZ2, A1.T) / m, dZ2.sum(1, keepdims=True) / m
            dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)
            dW1, db1 = np.dot(dZ1, X) / m, dZ1.sum(1, keepdims=True) / m
            W1 -= rate * dW1
            b1 -= rate * db1
            W2 -= rate * dW2
            b2 -= rate * db2
        A2 = sigmoid(np.dot(W2, np.maximum(0, np.dot(W1, X_test.astype(t).T) + b1)) + b2)
        return np.array(trace), W1, b1, W2, b2, A2.ravel()

    trace, W1, b1, W2, b2, output = run(dtype)
    exact = run(wider(dtype))
    return {"about": f"30-{hidden}-1, ReLU, sigmoid, full batch, lr {lr}, seed {seed}, split seed {split_seed}; "
                     "features standardised over all 569 rows before the split",
            "train_rows": train_rows, "test_rows": test_rows, "loss_per_epoch": trace,
            "W1": W1, "b1": b1, "W2": W2, "b2": b2, "test_output": output,
            "test_accuracy": np.mean((output > 0.5) == y_test.ravel()),
            "float64_vs_longdouble_max_abs": {"loss": max_abs(trace, exact[0]), "W1": max_abs(W1, exact[1]),
                                              "test_output": max_abs(output, exact[5])}}


def planar_data(seed=1):
    np.random.seed(seed)
    per_class, rays = 200, 4
    X, Y = np.zeros((400, 2)), np.zeros((400, 1))
    for label in range(2):
        rows = slice(per_class * label, per_class * (label + 1))
        angle = np.linspace(label * 3.12, (label + 1) * 3.12, per_class) + np.random.randn(per_class) * 0.2
        radius = rays * np.sin(4 * angle) + np.random.randn(per_class) * 0.2
        X[rows] = np.c_[radius * np.sin(angle), radius * np.cos(angle)]
        Y[rows] = label
    return X.T, Y.T


def planar(lr=0.01, iterations=10000, hidden=4, seed=1, dtype=np.float64):
    def run(t):
        X, Y = planar_data(seed)  # leaves the generator where the weights continue
        W1, b1 = (np.random.randn(hidden, 2) * 0.01).astype(t), np.zeros((hidden, 1), t)
        W2, b2 = (np.random.randn(1, hidden) * 0.01).astype(t), np.zeros((1, 1), t)
        X, Y, m, rate, trace = X.astype(t), Y.astype(t), 400, t(lr), []
        for _ in range(iterations):
            A1 = np.tanh(np.dot(W1, X) + b1)
            A2 = sigmoid(np.dot(W2, A1) + b2)
            trace.append(-(1 / t(m)) * np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))
            dZ2 = A2 - Y
            dW2, db2 = np.dot(dZ2, A1.T) / m, dZ2.sum(1, keepdims=True) / m
            dZ1 = np.dot(W2.T, dZ2) * (1 - A1 * A1)
            dW1, db1 = np.dot(dZ1, X.T) / m, dZ1.sum(1, keepdims=True) / m
            W1, W2, b1, b2 = W1 - rate * dW1, W2 - rate * dW2, b1 - rate * db1, b2 - rate * db2
        A2 = sigmoid(np.dot(W2, np.tanh(np.dot(W1, X) + b1)) + b2)
        return np.array(trace), W1, b1, W2, b2, A2

    X, Y = planar_data(seed)
    trace, W1, b1, W2, b2, A2 = run(dtype)
    exact = run(wider(dtype))
    return {"about": f"2-{hidden}-1, tanh, sigmoid, full batch, lr {lr}, {iterations} iterations; data seed {seed}, weights "
                     "drawn from the same stream after the data",
            "X": X, "Y": Y[0], "loss_every_100": trace[::100], "final_loss": trace[-1], "W1": W1, "b1": b1, "W2": W2,
            "b2": b2, "accuracy": np.mean((A2 > 0.5) == Y),
            "float64_vs_longdouble_max_abs": {"loss": max_abs(trace, exact[0]), "W1": max_abs(W1, exact[1])}}


def moons(hidden=4, epochs=10, batch=32, lr=0.01, seed=42, split_seed=42, dtype=np.float64):
    X, y = make_moons(n_samples=1000, noise=0.2, random_state=42)
    rows = np.arange(1000)
    X_train, X_test, y_train, y_test, train_rows, test_rows = train_test_split(
        X, y.reshape(-1, 1), rows, test_size=0.2, random_state=split_seed)

    def run(t):
        np.random.seed(seed)
        W1, b1 = (np.random.randn(2, hidden) / np.sqrt(2)).astype(t), np.zeros((1, hidden), t)
        W2, b2 = (np.random.randn(hidden, 1) / np.sqrt(hidden)).astype(t), np.zeros((1, 1), t)
        X, Y, rate, costs, batches = X_train.astype(t), y_train.astype(t), t(lr), [], []
        for _ in range(epochs):
            order = np.arange(len(X))
            np.random.shuffle(order)
            for start in range(0, len(X) - batch + 1, batch):
                chosen = order[start:start + batch]
                x, target = X[chosen], Y[chosen]
                A1 = np.tanh(np.dot(x, W1) + b1)
                A2 = sigmoid(np.dot(A1, W2) + b2)
                cost = -np.sum(np.log(A2) * target + (1 - target) * np.log(1 - A2)) / batch
                batches.append(cost)
                dZ2 = A2 - target
                dW2, db2 = np.dot(A1.T, dZ2) / batch, dZ2.sum(0, keepdims=True) / batch
                dZ1 = np.dot(dZ2, W2.T) * (1 - A1 * A1)
                dW1, db1 = np.dot(x.T, dZ1) / batch, dZ1.sum(0, keepdims=True) / batch
                W1, b1, W2, b2 = W1 - rate * dW1, b1 - rate * db1, W2 - rate * dW2, b2 - rate * db2
            costs.append(cost)
        output = sigmoid(np.dot(np.tanh(np.dot(X_test.astype(t), W1) + b1), W2) + b2).ravel()
        return np.array(costs), np.array(batches), W1, b1, W2, b2, output

    costs, batches, W1, b1, W2, b2, output = run(dtype)
    exact = run(wider(dtype))
    return {"about": f"2-{hidden}-1, tanh, sigmoid, mini-batch {batch} (incomplete last batch dropped), lr {lr}, seed "
                     f"{seed}; weights drawn as (inputs, units) and divided by sqrt(inputs); the printed cost of an "
                     "epoch is that of its last batch",
            "X": X, "y": y, "train_rows": train_rows, "test_rows": test_rows, "cost_per_epoch": costs,
            "cost_per_batch": batches, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "test_output": output,
            "test_accuracy": np.mean((output > 0.5) == y_test.ravel()),
            "float64_vs_longdouble_max_abs": {"cost": max_abs(costs, exact[0]), "W1": max_abs(W1, exact[2])}}


def regression(hidden=10, epochs=1000, lr=0.01, seed=42, dtype=np.float64):
    def run(t):
        np.random.seed(seed)
        W1, b1 = np.random.randn(1, hidden).astype(t), np.zeros((1, hidden), t)
        W2, b2 = np.random.randn(hidden, 1).astype(t), np.zeros((1, 1), t)
        X = np.random.rand(100, 1)
        y = 3 * X + 2 + np.random.randn(100, 1) * 0.1
        data, X, y, rate, trace = (X, y), X.astype(t), y.astype(t), t(lr), []
        for _ in range(epochs):
            Z1 = X @ W1 + b1
            A1 = np.maximum(0, Z1)
            Z2 = A1 @ W2 + b2
            trace.append(np.mean((y - Z2) ** 2))
            dZ2 = Z2 - y  # the factor 2 of the derivative of the mean squared error is left out, as in the source
            dW2, db2 = A1.T @ dZ2 / 100, dZ2.sum(0, keepdims=True) / 100
            dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
            dW1, db1 = X.T @ dZ1 / 100, dZ1.sum(0, keepdims=True) / 100
            W1, b1, W2, b2 = W1 - rate * dW1, b1 - rate * db1, W2 - rate * dW2, b2 - rate * db2
        prediction = np.maximum(0, np.array([[1.5]], t) @ W1 + b1) @ W2 + b2
        return np.array(trace), W1, b1, W2, b2, prediction, data

    trace, W1, b1, W2, b2, prediction, (X, y) = run(dtype)
    exact = run(wider(dtype))
    return {"about": f"1-{hidden}-1, ReLU, identity, MSE, full batch, lr {lr}, seed {seed}: weights drawn first, then "
                     "100 uniform inputs, then the noise of y = 3 x + 2 + 0.1 n",
            "X": X.ravel(), "y": y.ravel(), "loss_per_epoch": trace, "W1": W1, "b1": b1, "W2": W2, "b2": b2,
            "prediction_at_1.5": prediction,
            "float64_vs_longdouble_max_abs": {"loss": max_abs(trace, exact[0]), "W1": max_abs(W1, exact[1])}}


def digits(hidden=(64, 32), epochs=20, batch=32, lr=0.1, seed=7, split_seed=42, dtype=np.float64):
    """64-64-32-10, ReLU, softmax: the multi-class case, with two hidden layers."""
    data = load_digits()
    X, y, rows = data.data / 16.0, data.target, np.arange(len(data.target))
    X_train, X_test, y_train, y_test, train_rows, test_rows = train_test_split(
        X, y, rows, test_size=0.2, random_state=split_seed)
    sizes = (64, *hidden, 10)

    def run(t):
        np.random.seed(seed)
        W = [(np.random.randn(b, a) * np.sqrt(2 / a)).astype(t) for a, b in zip(sizes, sizes[1:])]
        b = [np.zeros((n, 1), t) for n in sizes[1:]]
        X, Y, rate, costs = X_train.astype(t), np.eye(10, dtype=t)[y_train], t(lr), []

        def forward(x):
            A = [x.T]
            for i, (w, c) in enumerate(zip(W, b)):
                Z = w @ A[-1] + c
                if i + 1 < len(W):
                    A.append(np.maximum(0, Z))
                else:
                    E = np.exp(Z - Z.max(0, keepdims=True))
                    A.append(E / E.sum(0, keepdims=True))
            return A

        for _ in range(epochs):
            order = np.arange(len(X))
            np.random.shuffle(order)
            for start in range(0, len(X) - batch + 1, batch):
                chosen = order[start:start + batch]
                A, target = forward(X[chosen]), Y[chosen].T
                cost = -np.sum(target * np.log(A[-1])) / batch
                dZ = A[-1] - target
                for i in reversed(range(len(W))):
                    dW, db = dZ @ A[i].T / batch, dZ.sum(1, keepdims=True) / batch
                    if i:
                        dZ = (W[i].T @ dZ) * (A[i] > 0)
                    W[i] -= rate * dW
                    b[i] -= rate * db
            costs.append(cost)
        output = forward(X_test.astype(t))[-1]
        return np.array(costs), W, b, output

    costs, W, b, output = run(dtype)
    exact = run(wider(dtype))
    return {"about": "64-64-32-10, ReLU, softmax cross-entropy, mini-batch 32 (incomplete last batch dropped), lr 0.1, "
                     "seed 7, pixels / 16, weights drawn as (units, inputs) times sqrt(2 / inputs); the cost of an "
                     "epoch is that of its last batch",
            "train_rows": train_rows, "test_rows": test_rows, "cost_per_epoch": costs, "bias_last": b[-1],
            "W_last": W[-1], "test_accuracy": np.mean(output.argmax(0) == y_test),
            "float64_vs_longdouble_max_abs": {"cost": max_abs(costs, exact[0]), "W_last": max_abs(W[-1], exact[1][-1])}}


def teacher_data(samples, features=28, noise=0.05):
    """A fixed random network, features-16-1, labels Gaussian inputs; then `noise` of the labels are turned round."""
    r = np.random.RandomState(42)
    V, v = r.standard_normal((16, features)), r.standard_normal(16)
    X = r.standard_normal((samples, features))
    turned = r.random_sample(samples) < noise
    score = np.tanh(2 * (X @ V.T) / np.sqrt(features)) @ v
    return X, ((score > 0) != turned).astype(float)


def teacher(hidden=(32, 16), samples=5000, epochs=10, batch=32, lr=0.1, seed=42, split_seed=42, dtype=np.float64,
            other_side=None):
    """28-32-16-1, ReLU, sigmoid: the student of teacher_data(). `other_side` is (step, unit, sample) of a pre-activation of the
    first layer that counts as negative."""
    X, y = teacher_data(samples)
    X_train, X_test, y_train, y_test, train_rows, test_rows = train_test_split(
        X, y, np.arange(samples), test_size=0.2, random_state=split_seed)
    sizes = (X.shape[1], *hidden, 1)

    def run(t):
        np.random.seed(seed)
        W = [(np.random.randn(b, a) * np.sqrt(2 / a)).astype(t) for a, b in zip(sizes, sizes[1:])]
        b = [np.zeros((n, 1), t) for n in sizes[1:]]
        X, Y, rate, costs = X_train.astype(t), y_train.astype(t), t(lr), []

        def forward(x, negative=None):
            A = [x.T]
            for i, (w, c) in enumerate(zip(W, b)):
                Z = w @ A[-1] + c
                if negative and i == 0:
                    assert abs(Z[negative]) < 2e-6
                    Z[negative] = -1e-9
                A.append(np.maximum(0, Z) if i + 1 < len(W) else sigmoid(Z))
            return A

        for epoch in range(epochs):
            order = np.arange(len(X))
            np.random.shuffle(order)
            for start in range(0, len(X) - batch + 1, batch):
                chosen, step = order[start:start + batch], epoch * (len(X) // batch) + start // batch
                negative = other_side[1:] if other_side and other_side[0] == step else None
                A, target = forward(X[chosen], negative), Y[chosen]
                cost = -np.sum(np.log(A[-1]) * target + (1 - target) * np.log(1 - A[-1])) / batch
                dZ = A[-1] - target
                for i in reversed(range(len(W))):
                    dW, db = dZ @ A[i].T / batch, dZ.sum(1, keepdims=True) / batch
                    if i:
                        dZ = (W[i].T @ dZ) * (A[i] > 0)
                    W[i] -= rate * dW
                    b[i] -= rate * db
            costs.append(cost)
        return np.array(costs), W, b, forward(X_test.astype(t))[-1].ravel()

    costs, W, b, output = run(dtype)
    exact = run(wider(dtype))
    return {"about": "28-32-16-1, ReLU, sigmoid, mini-batch 32 (incomplete last batch dropped), lr 0.1, seed 42, weights "
                     "drawn as (units, inputs) times sqrt(2 / inputs); the cost of an epoch is that of its last batch; "
                     "labels of a fixed random network of the data seed 42, 5 % of them turned round",
            "train_rows": train_rows, "test_rows": test_rows, "first_rows": X[:3], "labels": y[:100].astype(int),
            "cost_per_epoch": costs, "W_last": W[-1], "bias_last": b[-1], "test_output": output,
            "test_accuracy": np.mean((output > 0.5) == y_test),
            "float64_vs_longdouble_max_abs": {"cost": max_abs(costs, exact[0]), "W_last": max_abs(W[-1], exact[1][-1]),
                                              "test_output": max_abs(output, exact[3])}}


def teacher_branch():
    """In step 797 the pre-activation of unit 11 for one sample is 1.3e-6, of terms whose magnitudes add up to 5.8. By then rounding has moved the
    pre-activations of a float32 run by up to 5e-6. The side of ReLU's kink decides about the rest of the training: of 299 starts that
    were moved by an ulp of float32, 46 took the other side, and all went on alike."""
    record = teacher(other_side=(797, 11, 27))
    return {"about": "teacher, with a pre-activation of step 797 on the other side of ReLU's kink, as rounding in float32 may have it",
            **{key: record[key] for key in ("cost_per_epoch", "W_last", "bias_last", "test_output")}}


# --- the same programs at other settings ------------------------------------------------------------------------------


def backprop_variant(dtype=np.float64, **settings):
    loss0, _, _, _, trace, final = backprop_run(dtype, **settings)
    _, _, _, _, exact_trace, exact = backprop_run(wider(dtype), **settings)
    return {"first_loss": loss0, "loss_per_epoch": trace, **final,
            "float64_vs_longdouble_max_abs": {"loss": max_abs(trace, exact_trace),
                                              "W1": max_abs(final["W1"], exact["W1"])}}


def variant(name, program, every, loss, units_by_inputs, dtype=np.float64, **settings):
    """One run: losses of epochs 0, every, 2 every, ...; W as rows of units, whichever way the program stores it."""
    run = program(dtype=dtype, **settings)
    layers = [("W_last", "bias_last")] if "W_last" in run else [("W1", "b1"), ("W2", "b2")]
    entry = {"experiment": name, "dtype": dtype.__name__, "settings": settings, "losses_every": every,
             "losses": run[loss] if loss == "loss_every_100" else run[loss][::every],
             "parameters": [{"W": run[w] if units_by_inputs else run[w].T, "b": run[b].ravel()} for w, b in layers],
             "wider_type_max_abs": run["float64_vs_longdouble_max_abs"]}
    for key, value in run.items():
        if key in ("first_loss", "final_loss", "test_accuracy", "accuracy", "prediction_at_1.5"):
            entry[key] = value.ravel()[0] if isinstance(value, np.ndarray) else value
    return entry


def scaled(data):
    scaler = StandardScaler().fit(data)
    return {"mean": scaler.mean_, "variance": scaler.var_, "scale": scaler.scale_,
            "first_row": scaler.transform(data)[0], "last_row": scaler.transform(data)[-1]}


VARIANTS = {
    "worked_backprop": (backprop_variant, 10, "loss_per_epoch", False,
                        [{"seed": 7}, {"lr": 0.5, "epochs": 300}, {"seed": 3, "lr": 0.05, "epochs": 500},
                         {"seed": 7, "dtype": np.float32}]),
    "breast_cancer": (breast_cancer, 10, "loss_per_epoch", True,
                      [{"seed": 7, "hidden": 17, "epochs": 300, "lr": 0.05, "split_seed": 3},
                       {"seed": 1, "hidden": 1, "epochs": 200}, {"seed": 5, "hidden": 33, "epochs": 100, "lr": 0.5},
                       {"split_seed": 0, "epochs": 400},
                       {"seed": 7, "hidden": 17, "epochs": 300, "lr": 0.05, "split_seed": 3, "dtype": np.float32}]),
    "planar": (planar, 100, "loss_every_100", True,
               [{"seed": 7, "hidden": 17, "iterations": 2000, "lr": 0.05}, {"seed": 2, "hidden": 1, "iterations": 1000},
                {"seed": 3, "hidden": 8, "iterations": 3000, "lr": 0.1}, {"hidden": 5, "iterations": 2000, "lr": 0.3},
                {"seed": 7, "hidden": 17, "iterations": 2000, "lr": 0.05, "dtype": np.float32}]),
    "moons": (moons, 1, "cost_per_epoch", False,
              [{"seed": 7, "hidden": 17, "epochs": 30, "lr": 0.05, "split_seed": 3}, {"batch": 50},
               {"batch": 7, "epochs": 5}, {"batch": 1, "epochs": 2, "seed": 1}, {"batch": 800, "epochs": 20, "lr": 0.5},
               {"seed": 7, "hidden": 17, "epochs": 30, "lr": 0.05, "split_seed": 3, "dtype": np.float32}]),
    "regression": (regression, 10, "loss_per_epoch", False,
                   [{"seed": 7, "hidden": 17, "epochs": 300, "lr": 0.005}, {"seed": 1, "hidden": 1, "epochs": 200},
                    {"seed": 3, "hidden": 5, "epochs": 500, "lr": 0.02},
                    {"seed": 7, "hidden": 17, "epochs": 300, "lr": 0.005, "dtype": np.float32}]),
    "digits": (digits, 1, "cost_per_epoch", True,
               [{"seed": 1, "hidden": (17,), "epochs": 10, "lr": 0.05, "split_seed": 3},
                {"hidden": (48, 24, 12), "epochs": 6}, {"batch": 50, "epochs": 8},
                {"batch": 7, "epochs": 4, "lr": 0.02},
                {"seed": 1, "hidden": (17,), "epochs": 10, "lr": 0.05, "split_seed": 3, "dtype": np.float32}]),
    "teacher": (teacher, 1, "cost_per_epoch", True,
                [{"seed": 1, "hidden": (17,), "samples": 1001, "epochs": 5, "split_seed": 3},
                 {"samples": 3000, "batch": 200, "epochs": 4, "dtype": np.float32}]),
}


def variants():
    runs = [variant(name, program, every, loss, units_by_inputs, **settings)
            for name, (program, every, loss, units_by_inputs, choices) in VARIANTS.items() for settings in choices]
    return {"about": "settings left out are the experiment's own; W has a row per unit; of digits the last layer only",
            "runs": runs,
            "scaled": {"breast_cancer": scaled(load_breast_cancer().data), "digits": scaled(load_digits().data)}}


def write_csv(path, header, rows):
    lines = [",".join(header)] + [",".join(repr(float(v)) if isinstance(v, float) else str(v) for v in r) for r in rows]
    path.write_text("\n".join(lines) + "\n")


def data_files(folder):
    bc = load_breast_cancer()
    write_csv(folder / "breast_cancer.csv", [n.replace(" ", "_") for n in bc.feature_names] + ["benign"],
              [[float(v) for v in x] + [int(t)] for x, t in zip(bc.data, bc.target)])
    dg = load_digits()
    write_csv(folder / "digits.csv", [f"pixel_{r}_{c}" for r in range(8) for c in range(8)] + ["digit"],
              [[int(v) for v in x] + [int(t)] for x, t in zip(dg.data, dg.target)])


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "random_streams", random_streams())
    write(folder, "random_shuffles", random_shuffles())
    for case in (perceptron, worked_forward, worked_backprop, breast_cancer, planar, moons, regression, digits,
                 teacher, teacher_branch, variants):
        write(folder, case.__name__, case())
    data_files(folder)


if __name__ == "__main__":
    main()
