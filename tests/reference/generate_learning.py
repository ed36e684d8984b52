#!/usr/bin/env python3
"""Writes learning.json: what core/activations, core/losses, core/dropout.h and --init have and the experiments' own programs lack.

Plain SGD on breast_cancer, moons and digits with every hidden activation, initialisation, dropout and label smoothing, and on regression
with every loss; programs and layout of generate_optimisers.py. The masks are those of core/dropout.h, from NumPy's integers.
Every run is made in float64 and in 80-bit long double; `wider_type_max_abs` is their distance.

usage: OPENBLAS_NUM_THREADS=1 NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX2 FMA3" \
           python3 generate_learning.py OUTPUT_FOLDER
"""
import math
import sys
from pathlib import Path

import numpy as np

from generate import LD, max_abs, sigmoid, write
from generate_optimisers import PROGRAMS

# name: sizes, seed, hidden activation; weights and data from one stream, all samples a step
REGRESSION = ((1, 10, 1), 42, "relu")


# --- activations: z -> (a, its derivative) ------------------------------------------------------------------------------


def erfc(x):
    """The C library's in float64; in long double 1 - erf by its series 2 / sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!."""
    if x.dtype == np.float64:
        return np.vectorize(math.erfc)(x)
    term = x * np.exp(-x * x) * 2 / np.sqrt(LD("3.14159265358979323846264338327950288"))
    total = term
    for n in range(1, 400):
        term = term * 2 * x * x / (2 * n + 1)
        total = total + term
    return 1 - total


def gelu(z):
    t = z.dtype.type
    P = erfc(-z / np.sqrt(t(2))) / 2
    return z * P, P + z * np.exp(-z * z / 2) / np.sqrt(2 * t("3.14159265358979323846264338327950288"))


def gelu_tanh(z):
    t = z.dtype.type
    root, cubic = np.sqrt(2 / t("3.14159265358979323846264338327950288")), t("0.044715")
    h = np.tanh(root * (z + cubic * z ** 3))
    return z * (1 + h) / 2, (1 + h) / 2 + z * (1 - h * h) / 2 * root * (1 + 3 * cubic * z * z)


def silu(z):
    s = sigmoid(z)
    return z * s, s * (1 + z * (1 - s))


ACTIVATIONS = {
    "relu": lambda z: (np.maximum(0, z), z > 0),
    "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2),
    "sigmoid": lambda z: (sigmoid(z), sigmoid(z) * (1 - sigmoid(z))),
    "elu": lambda z: (np.where(z > 0, z, np.expm1(np.minimum(z, 0))), np.where(z > 0, 1, np.exp(np.minimum(z, 0)))),
    "identity": lambda z: (z, 1),
    "leaky-relu": lambda z: (np.where(z > 0, z, z.dtype.type("0.01") * z), np.where(z > 0, 1, z.dtype.type("0.01"))),
    "hard-tanh": lambda z: (np.clip(z, -1, 1), np.abs(z) < 1),
    "silu": silu,
    "softplus": lambda z: (np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0), sigmoid(z)),
    "gelu": gelu,
    "gelu-tanh": gelu_tanh,
}


# --- losses of an output a and a target y: (value, dZ); of the squared error that of half of it --------------------------


def huber(a, y, d):
    r = a - y
    return np.where(np.abs(r) <= d, r * r / 2, d * (np.abs(r) - d / 2)), np.clip(r, -d, d)


LOSSES = {"mse": lambda a, y, d: ((a - y) ** 2, a - y), "huber": huber, "mae": lambda a, y, d: (np.abs(a - y), np.sign(a - y))}


# --- initial weights of a layer with a inputs and b units: W (b, a), drawn row after row ---------------------------------


def initial(rule, a, b):
    name, _, scale = rule.partition(":")
    if name == "uniform":
        return np.random.uniform(-float(scale), float(scale), (b, a))
    deviation = {"he": lambda: np.sqrt(2 / a), "glorot": lambda: np.sqrt(2 / (a + b)), "lecun": lambda: np.sqrt(1 / a),
                 "normal": lambda: float(scale)}[name]()
    return deviation * np.random.standard_normal((b, a))


# --- masks of dropout ------------------------------------------------------------------------------------------------------


def philox(counter, key):
    """Philox4x32-10 of Salmon et al. 2011: four words of the counter, broadcast; 64-bit integers that hold 32-bit words."""
    c, k, low = [np.asarray(word, np.uint64) for word in counter], list(key), np.uint64(0xFFFFFFFF)
    for _ in range(10):
        first, second = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(second >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), second & low,
             (first >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), first & low]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c


def masks(rate, seed, layer, units, samples, epoch, t):
    """(units, samples): 0 with probability `rate`, else 1 / (1 - rate)."""
    blocks = np.arange((units + 3) // 4)[:, None]
    words = np.broadcast_arrays(*philox([blocks, layer, np.asarray(samples)[None, :], epoch], (seed, 0)))
    words = np.stack(words, axis=1).reshape(-1, len(samples))[:units]
    return np.where(words < np.uint64(int(rate * 2**32)), t(0), t(1) / (1 - t(rate)))


def data_of(name, t, init, seed):
    """X, Y, the parameters, and the rest of what the experiment has. Weights and the regression's data are from one stream."""
    if name == "regression":
        sizes, _, activation = REGRESSION
        data, weights, batch, eps = None, lambda a, b: np.random.randn(a, b).T, None, 0.0
    else:
        data, sizes, _, weights, activation, batch, eps = PROGRAMS[name]
    np.random.seed(seed)
    W = [initial(init, a, b) if init else weights(a, b) for a, b in zip(sizes, sizes[1:])]
    if data is None:
        X = np.random.rand(100, 1)
        Y = 3 * X + 2 + np.random.randn(100, 1) * 0.1
    else:
        X, _, Y, _ = data()[:4]
    b = [np.zeros((n, 1), t) for n in sizes[1:]]
    return X.astype(t), Y.astype(t), [w.astype(t) for w in W], b, activation, batch or len(X), t(eps)


def train(t, name, rate, epochs, o):
    seed = REGRESSION[1] if name == "regression" else PROGRAMS[name][2]
    X, Y, W, b, activation, batch, eps = data_of(name, t, o.get("init"), seed)
    act, loss_of = ACTIVATIONS[o.get("activation", activation)], LOSSES[o.get("loss", "mse")]
    smoothing, dropped, losses = t(o.get("label-smoothing", 0.0)), o.get("dropout", 0.0), []
    Y = (1 - smoothing) * Y + smoothing / Y.shape[1] if smoothing else Y
    for epoch in range(epochs):
        order = np.arange(len(X))
        if batch < len(X):
            np.random.shuffle(order)
        for start in range(0, len(X) - batch + 1, batch):
            chosen = order[start:start + batch]
            inputs, slopes, target = [X[chosen].T], [], Y[chosen].T
            for i, (w, c) in enumerate(zip(W, b)):
                Z = w @ inputs[-1] + c
                if i + 1 < len(W):
                    A, slope = act(Z)
                    mask = masks(dropped, seed, i, len(Z), chosen, epoch, t) if dropped else t(1)
                    inputs.append(A * mask)
                    slopes.append(slope * mask)
            if name == "regression":
                loss, dZ = loss_of(Z, target, t(o.get("huber-delta", 1.0)))
            elif len(Z) > 1:
                E = np.exp(Z - Z.max(0, keepdims=True))
                A = E / E.sum(0, keepdims=True)
                loss, dZ = -target * np.log(A + eps), A - target
            else:
                A = sigmoid(Z)
                loss, dZ = -(target * np.log(A + eps) + (1 - target) * np.log(1 - A + eps)), A - target
            for i in reversed(range(len(W))):
                dW, db = dZ @ inputs[i].T / batch, dZ.sum(1, keepdims=True) / batch
                if i:
                    dZ = (W[i].T @ dZ) * slopes[i - 1]
                W[i] = W[i] - t(rate) * dW
                b[i] = b[i] - t(rate) * db
        losses.append(np.sum(loss) / batch)
    return np.array(losses), W[-1], b[-1]


INITS = ["he", "glorot", "lecun", "normal:0.2", "uniform:0.3"]
CLASSIFIERS = ([{"activation": name} for name in ACTIVATIONS] + [{"init": rule} for rule in INITS]
               + [{"dropout": 0.5}, {"dropout": 0.2, "activation": "tanh"}, {"dropout": 0.3, "activation": "gelu", "init": "he"}])
RUNS = {
    "breast_cancer": (60, 0.1, CLASSIFIERS),
    "moons": (6, 0.1, CLASSIFIERS),
    "digits": (3, 0.05, CLASSIFIERS + [{"label-smoothing": 0.1}, {"label-smoothing": 0.3, "dropout": 0.25}]),
    "regression": (200, 0.01, [{"loss": loss} for loss in LOSSES] + [{"loss": "huber", "huber-delta": 0.25},
                               {"loss": "huber", "huber-delta": 4.0, "dropout": 0.2}] + [{"init": rule} for rule in INITS]),
}


def main():
    runs = []
    for name, (epochs, rate, choices) in RUNS.items():
        for options in choices:
            run, exact = train(np.float64, name, rate, epochs, options), train(LD, name, rate, epochs, options)
            runs.append({"experiment": name, "options": {"epochs": epochs, "learning-rate": rate, **options},
                         "losses": run[0], "W_last": run[1], "bias_last": run[2].ravel(),
                         "wider_type_max_abs": {"loss": max_abs(run[0], exact[0]), "W_last": max_abs(run[1], exact[1])}})
            print(name, options, run[0][0], run[0][-1], runs[-1]["wider_type_max_abs"])
    write(Path(sys.argv[1]), "learning", {"about": "settings left out are the experiment's own", "runs": runs})


if __name__ == "__main__":
    main()
