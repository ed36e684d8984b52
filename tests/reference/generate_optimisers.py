#!/usr/bin/env python3
"""Writes optimisers.json: breast_cancer, moons and digits trained with every optimiser, schedule and regulariser.

One NumPy program, in the layout of digits in generate.py: W is (units, inputs), a batch is (features, samples). Data, weights and the
order of the samples are drawn as in the program of each experiment. The formulas are those of the papers and of scikit-learn and PyTorch
that core/optimisers names. Every run is made in float64 and in 80-bit long double; `wider_type_max_abs` is their distance.

usage: OPENBLAS_NUM_THREADS=1 python3 generate_optimisers.py OUTPUT_FOLDER
"""
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits, make_moons
from sklearn.model_selection import train_test_split

from generate import LD, breast_cancer_data, max_abs, sigmoid, write


def he(a, b):
    return np.random.randn(b, a) * np.sqrt(2 / a)


def moons_data():
    X, y = make_moons(n_samples=1000, noise=0.2, random_state=42)
    return train_test_split(X, y.reshape(-1, 1), test_size=0.2, random_state=42)


def digits_data():
    data = load_digits()
    return train_test_split(data.data / 16.0, np.eye(10)[data.target], test_size=0.2, random_state=42)


# name: data, sizes, seed, weights of a layer, hidden activation, batch (None: all samples), epsilon of the loss
PROGRAMS = {
    "breast_cancer": (breast_cancer_data, (30, 10, 1), 42, lambda a, b: np.random.randn(b, a) * 0.01, "relu", None, 1e-8),
    "moons": (moons_data, (2, 4, 1), 42, lambda a, b: (np.random.randn(a, b) / np.sqrt(a)).T, "tanh", 32, 0.0),
    "digits": (digits_data, (64, 64, 32, 10), 7, he, "relu", 32, 0.0),
}


# --- optimisers: (state, gradient, rate, number of the update from 1, options) -> what is added to a parameter ---------


def velocity(state, shape_of):
    return state.setdefault("velocity", np.zeros_like(shape_of))


def sgd(state, g, rate, t, o):
    return -rate * g


def momentum(state, g, rate, t, o):
    v = velocity(state, g)
    v[...] = o["momentum"] * v - rate * g
    return v


def momentum_torch(state, g, rate, t, o):
    v = velocity(state, g)
    v[...] = o["momentum"] * v + g
    return -rate * v


def nesterov(state, g, rate, t, o):
    v = velocity(state, g)
    v[...] = o["momentum"] * v - rate * g
    return o["momentum"] * v - rate * g


def nesterov_torch(state, g, rate, t, o):
    v = velocity(state, g)
    v[...] = o["momentum"] * v + g
    return -rate * (g + o["momentum"] * v)


def adagrad(state, g, rate, t, o):
    s = velocity(state, g)
    s[...] = s + g * g
    return -rate * g / (np.sqrt(s) + o.get("epsilon", 1e-10))


def rmsprop(state, g, rate, t, o):
    s = velocity(state, g)
    s[...] = o["rho"] * s + (1 - o["rho"]) * g * g
    return -rate * g / (np.sqrt(s) + o["epsilon"])


def adam(state, g, rate, t, o):
    m, v = state.setdefault("mean", np.zeros_like(g)), state.setdefault("squares", np.zeros_like(g))
    m[...] = o["beta1"] * m + (1 - o["beta1"]) * g
    v[...] = o["beta2"] * v + (1 - o["beta2"]) * g * g
    return -rate * (m / (1 - o["beta1"] ** t)) / (np.sqrt(v / (1 - o["beta2"] ** t)) + o["epsilon"])


OPTIMISERS = {"sgd": sgd, "momentum": momentum, "momentum-torch": momentum_torch, "nesterov": nesterov,
              "nesterov-torch": nesterov_torch, "adagrad": adagrad, "rmsprop": rmsprop, "adam": adam, "adamw": adam}

DEFAULTS = {"momentum": 0.9, "rho": 0.99, "beta1": 0.9, "beta2": 0.999, "step-epochs": 10.0, "step-factor": 0.5,
            "warmup-epochs": 0.0, "power": 0.5}


# --- schedules: the rate of update u, from 0, where an epoch has `updates` of them on `samples` --------------------------


def rate_of(schedule, rate, u, updates, epochs, samples, o):
    epoch = u // updates
    if schedule == "step":
        return rate * o["step-factor"] ** (epoch // int(o["step-epochs"]))
    if schedule == "cosine":
        warm_up = o["warmup-epochs"] * updates
        if u < warm_up:
            return rate * (u + 1) / warm_up
        return rate * (1 + np.cos(np.pi * (u - warm_up) / (epochs * updates - warm_up))) / 2
    if schedule == "inverse":  # scikit-learn's invscaling sets the rate at the end of an epoch
        return rate / (epoch * samples + 1) ** o["power"] if epoch else rate
    return rate


def train(t, name, rate, epochs, options):
    data, sizes, seed, weights, activation, batch, eps = PROGRAMS[name]
    X, _, Y, _ = data()[:4]
    np.random.seed(seed)
    W = [weights(a, b).astype(t) for a, b in zip(sizes, sizes[1:])]
    b = [np.zeros((n, 1), t) for n in sizes[1:]]
    X, Y = X.astype(t), Y.astype(t)
    batch = batch or len(X)
    optimiser = options.get("optimiser", "sgd")
    o = {**DEFAULTS, **({"epsilon": 1e-8} if optimiser != "adagrad" else {}), **options}
    o = {key: t(value) if isinstance(value, float) else value for key, value in o.items()}
    decay = t(options.get("weight-decay", 0.01 if optimiser == "adamw" else 0.0))
    states, update, losses, l2 = [{} for _ in W + b], 0, [], t(options.get("l2", 0.0))
    updates = len(X) // batch
    samples = updates * batch
    softmax = sizes[-1] > 1
    for _ in range(epochs):
        order = np.arange(len(X))
        if batch < len(X):
            np.random.shuffle(order)
        for start in range(0, len(X) - batch + 1, batch):
            chosen = order[start:start + batch]
            A, target = [X[chosen].T], Y[chosen].T
            for i, (w, c) in enumerate(zip(W, b)):
                Z = w @ A[-1] + c
                if i + 1 < len(W):
                    A.append(np.maximum(0, Z) if activation == "relu" else np.tanh(Z))
                elif softmax:
                    E = np.exp(Z - Z.max(0, keepdims=True))
                    A.append(E / E.sum(0, keepdims=True))
                else:
                    A.append(sigmoid(Z))
            likelihood = target * np.log(A[-1] + t(eps))
            if not softmax:
                likelihood += (1 - target) * np.log(1 - A[-1] + t(eps))
            loss = -np.sum(likelihood) / batch + l2 / 2 * sum(np.sum(w * w) for w in W) / batch
            dZ, dW, db = A[-1] - target, [None] * len(W), [None] * len(W)
            for i in reversed(range(len(W))):
                dW[i], db[i] = dZ @ A[i].T / batch, dZ.sum(1, keepdims=True) / batch
                if i:
                    dZ = (W[i].T @ dZ) * ((A[i] > 0) if activation == "relu" else 1 - A[i] * A[i])
            if "clip-norm" in options:
                norm = np.sqrt(sum(np.sum(g * g) for g in dW + db))
                scale = min(t(1), t(options["clip-norm"]) / norm)
                dW, db = [g * scale for g in dW], [g * scale for g in db]
            now = rate_of(options.get("schedule"), t(rate), update, updates, epochs, samples, o)
            update += 1
            for i, w in enumerate(W):
                gradient = dW[i] + l2 * w / batch
                w -= now * decay * w
                w += OPTIMISERS[optimiser](states[i], gradient, now, update, o)
                b[i] += OPTIMISERS[optimiser](states[len(W) + i], db[i], now, update, o)
        losses.append(loss)
    return np.array(losses), W[-1], b[-1]


# Rates at which rounding in float32 does not move a pre-activation over ReLU's kink.
RATES = {"sgd": 0.1, "momentum": 0.05, "momentum-torch": 0.05, "nesterov": 0.04, "nesterov-torch": 0.05, "adagrad": 0.05,
         "rmsprop": 0.002, "adam": 0.01, "adamw": 0.01}

# AdaGrad's first steps on digits divide gradients of 1e-9 by themselves: with the usual epsilon of 1e-10 rounding alone moves NumPy's
# own result by 5e-13.
EPSILONS = {("digits", "adagrad"): 1e-6}

OTHERS = [
    {"optimiser": "sgd", "schedule": "step", "step-epochs": 2.0, "step-factor": 0.3},
    {"optimiser": "momentum", "schedule": "cosine", "warmup-epochs": 2.0},
    {"optimiser": "momentum-torch", "schedule": "cosine", "warmup-epochs": 2.0, "momentum": 0.8},
    {"optimiser": "nesterov", "schedule": "inverse", "power": 0.25},
    {"optimiser": "nesterov-torch", "schedule": "inverse"},
    {"optimiser": "sgd", "l2": 0.5},
    {"optimiser": "adam", "l2": 0.2, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6},
    {"optimiser": "sgd", "weight-decay": 0.1},
    {"optimiser": "momentum", "clip-norm": 0.2},
    {"optimiser": "adamw", "weight-decay": 0.1, "clip-norm": 0.1, "l2": 0.1, "schedule": "cosine"},
    {"optimiser": "rmsprop", "rho": 0.9, "epsilon": 1e-5, "schedule": "step", "step-epochs": 1.0},
]

EPOCHS = {"breast_cancer": 60, "moons": 6, "digits": 4}


def main():
    runs = []
    for name, epochs in EPOCHS.items():
        for options in [{"optimiser": optimiser} for optimiser in OPTIMISERS] + OTHERS:
            rate = RATES[options["optimiser"]]
            if (name, options["optimiser"]) in EPSILONS:
                options = {**options, "epsilon": EPSILONS[name, options["optimiser"]]}
            run = train(np.float64, name, rate, epochs, options)
            exact = train(LD, name, rate, epochs, options)
            runs.append({"experiment": name, "options": {"epochs": epochs, "learning-rate": rate, **options},
                         "losses": run[0], "W_last": run[1], "bias_last": run[2].ravel(),
                         "wider_type_max_abs": {"loss": max_abs(run[0], exact[0]), "W_last": max_abs(run[1], exact[1])}})
            print(name, options, run[0][-1], runs[-1]["wider_type_max_abs"])
    write(Path(sys.argv[1]), "optimisers", {"about": "settings left out are the experiment's own", "runs": runs})


if __name__ == "__main__":
    main()
