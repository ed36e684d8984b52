#!/usr/bin/env python3
"""mlpbench's peer `numpy`: the notebooks' formulas as they are written in NumPy, samples as rows, loss included.

Speaks docs/peers.md on its standard streams; `mlpbench run --peers numpy` starts it.
"""
import ctypes
import re

import worker

np = worker.imported("NumPy", "numpy", "Debian: python3-numpy")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


# Of each activation, and its derivative from Z and A.
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(0, z), lambda z, a: z > 0),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "elu": (lambda z: np.where(z > 0, z, np.expm1(np.minimum(0, z))), lambda z, a: np.where(z > 0, 1, a + 1)),
    "identity": (lambda z: z, lambda z, a: 1),
    "softmax": (softmax, None),
}

# Of each loss: the sum over samples of outputs a, targets y.
LOSSES = {
    "binary cross-entropy": lambda a, y, e: -np.sum(y * np.log(a + e) + (1 - y) * np.log(1 - a + e)),
    "softmax cross-entropy": lambda a, y, e: -np.sum(y * np.log(a + e)),
    "mean squared error": lambda a, y, e: np.sum((a - y) ** 2),
}


class Training:
    def __init__(self, problem):
        self.problem = problem
        self.dtype = np.dtype(problem.dtype).type
        read = lambda name: np.frombuffer(problem.bytes(name), "<f8")
        self.X = read("X").reshape(problem.samples, -1).astype(self.dtype)
        self.Y = read("Y").reshape(problem.samples, -1).astype(self.dtype)
        self.order = None
        if not problem.whole:
            self.order = np.frombuffer(problem.bytes("order"), "<u4").reshape(-1, problem.samples).astype(np.intp)
        self.initial, flat, at = [], read("parameters"), 0
        for inputs, units in zip(problem.layers, problem.layers[1:]):
            W = flat[at:at + units * inputs].reshape(units, inputs)
            b = flat[at + units * inputs:at + units * (inputs + 1)]
            self.initial.append((np.ascontiguousarray(W.T).astype(self.dtype), b.reshape(1, -1).astype(self.dtype)))
            at += units * (inputs + 1)
        self.activations = [problem.known("activation", name, ACTIVATIONS) for name in problem.activations]
        self.loss = problem.known("loss", problem.loss, LOSSES)
        self.squared = problem.loss == "mean squared error"
        self.epsilon, self.rate = self.dtype(problem.log_epsilon), self.dtype(problem.learning_rate)
        self.weights = self.initial
        self.train(1)  # what is done once, such as loading the BLAS's kernels

    def step(self, X, Y):
        """One update; returns the loss before it, a sum over the samples."""
        A, Z = [X], [None]
        for (W, b), (act, _) in zip(self.weights, self.activations):
            Z.append(np.dot(A[-1], W) + b)
            A.append(act(Z[-1]))
        loss = self.loss(A[-1], Y, self.epsilon)
        dZ = A[-1] - Y
        if self.squared:
            dZ = dZ * self.activations[-1][1](Z[-1], A[-1])
        scale = self.dtype(self.problem.gradient_scale(len(X)))
        for l in range(len(self.weights), 0, -1):
            W, b = self.weights[l - 1]
            dW = np.dot(A[l - 1].T, dZ) * scale
            db = np.sum(dZ, axis=0, keepdims=True) * scale
            if l > 1:
                dZ = np.dot(dZ, W.T) * self.activations[l - 2][1](Z[l - 1], A[l - 1])
            W -= self.rate * dW
            b -= self.rate * db
        return loss

    def train(self, epochs):
        self.weights = [(W.copy(), b.copy()) for W, b in self.initial]
        losses, means, batches = [], [], self.problem.batches()
        with np.errstate(all="ignore"):
            start = worker.clock()
            for epoch in range(epochs):
                if self.order is None:
                    losses.append(self.step(self.X, self.Y) / len(self.X))
                    continue
                total, order = 0.0, self.order[epoch]
                for first, end in batches:
                    rows = order[first:end]
                    loss = self.step(self.X[rows], self.Y[rows])
                    total += loss
                losses.append(loss / (end - first))
                means.append(total / self.problem.trained)
            return worker.clock() - start, losses, means

    def parameters(self):
        flat = [part for W, b in self.weights for part in (W.T.ravel(), b.ravel())]
        return np.concatenate(flat).astype("<f8").tobytes()


def loaded_openblas():
    """(version, kernels, threads) as the OpenBLAS in this process says them, or None when there is none."""
    with open("/proc/self/maps") as maps:
        libraries = set(re.findall(r"/\S*(?:openblas|libblas)\S*\.so\S*", maps.read()))
    for path in sorted(libraries):
        library = ctypes.CDLL(path)
        for name in ("openblas_get_%s", "openblas_get_%s64_", "scipy_openblas_get_%s", "scipy_openblas_get_%s64_"):
            try:
                config, core, threads = (getattr(library, name % what) for what in ("config", "corename", "num_threads"))
            except AttributeError:
                continue
            config.restype = core.restype = ctypes.c_char_p
            return " ".join(config().decode().split()[:2]), core().decode(), threads()
    return None


class Peer:
    def hello(self):
        np.dot(np.ones((8, 8)), np.ones((8, 8)))
        blas = loaded_openblas()
        version = f"NumPy {np.__version__}" + (f", {blas[0]} {blas[1]}" if blas else "")
        return {"version": version, "threads": blas[2] if blas else 1, "dtypes": ["float64", "float32"],
                "compared": "losses", "about": "the notebooks' formulas in NumPy, one call an operation"}

    def prepare(self, problem):
        return Training(problem)


if __name__ == "__main__":
    worker.serve(Peer())
