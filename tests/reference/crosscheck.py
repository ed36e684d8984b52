#!/usr/bin/env python3
"""Compares generate_optimisers.py with scikit-learn's MLPClassifier, and with PyTorch where it is installed: run by hand.
PyTorch's autograd also trains moons, digits and regression with the activations, losses and masks of generate_learning.py.

moons, full batch, float64, 50 epochs from the same weights: the largest difference of a loss per epoch, which has to stay below 1e-10.
scikit-learn's Adam has another epsilon (core/optimisers/adam.h says which), so it runs with epsilon 1e-300.

usage: OPENBLAS_NUM_THREADS=1 python3 crosscheck.py
"""
import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

import generate_learning as learning
import generate_optimisers as ours

EPOCHS = 50
DATA, SIZES, SEED, WEIGHTS, ACTIVATION, _, _ = ours.PROGRAMS["moons"]
ours.PROGRAMS["moons"] = (DATA, SIZES, SEED, WEIGHTS, ACTIVATION, None, 0.0)


def start():
    X, _, Y, _ = DATA()[:4]
    np.random.seed(SEED)
    return X, Y, [WEIGHTS(a, b) for a, b in zip(SIZES, SIZES[1:])], [np.zeros(n) for n in SIZES[1:]]


def sklearns(optimiser, l2=0.0):
    X, Y, W, b = start()
    model = MLPClassifier(SIZES[1:-1], activation="tanh", alpha=l2, batch_size=len(X), shuffle=False)
    model.partial_fit(X, Y.ravel(), classes=[0, 1])
    for own, weights in zip(model.coefs_, W):
        own[...] = weights.T
    for own, bias in zip(model.intercepts_, b):
        own[...] = bias
    model._optimizer, model.t_ = optimiser(model.coefs_ + model.intercepts_), 0
    losses = []
    for _ in range(EPOCHS):
        model.partial_fit(X, Y.ravel())
        losses.append(model.loss_)
    return np.array(losses)


def torchs(optimiser, schedule=None):
    import torch

    X, Y, W, b = start()
    X, Y = torch.tensor(X), torch.tensor(Y, dtype=torch.float64)
    parameters = [torch.tensor(np.ascontiguousarray(p), requires_grad=True) for p in W + b]
    W, b = parameters[:len(W)], parameters[len(W):]
    step = optimiser(W, b)
    rates = schedule(step) if schedule else None
    losses = []
    for _ in range(EPOCHS):
        A = torch.sigmoid(torch.tanh(X @ W[0].T + b[0]) @ W[1].T + b[1])
        loss = torch.nn.functional.binary_cross_entropy(A, Y)
        step.zero_grad()
        loss.backward()
        step.step()
        if rates:
            rates.step()
        losses.append(loss.item())
    return np.array(losses)


def compare(name, theirs, **options):
    losses = ours.train(np.float64, "moons", 0.05, EPOCHS, {key.replace("_", "-"): value for key, value in options.items()})[0]
    difference = np.max(np.abs(losses - theirs))
    print(f"{name:40} {difference:.1e}")
    assert difference < 1e-10


def torch_learns(name, epochs, rate, o):
    """The losses of generate_learning.train() with PyTorch's functions and derivatives."""
    import torch
    from torch.nn import functional as f

    acts = {"relu": f.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "elu": f.elu, "identity": lambda z: z, "leaky-relu": f.leaky_relu,
            "hard-tanh": f.hardtanh, "silu": f.silu, "softplus": f.softplus, "gelu": f.gelu,
            "gelu-tanh": lambda z: f.gelu(z, approximate="tanh")}
    errors = {"mse": lambda z, y: f.mse_loss(z, y, reduction="sum") / 2, "mae": lambda z, y: f.l1_loss(z, y, reduction="sum"),
              "huber": lambda z, y: f.huber_loss(z, y, reduction="sum", delta=o.get("huber-delta", 1.0))}
    seed = learning.REGRESSION[1] if name == "regression" else ours.PROGRAMS[name][2]
    X, Y, W, b, activation, batch, _ = learning.data_of(name, np.float64, o.get("init"), seed)
    W, b = ([torch.tensor(np.ascontiguousarray(p), requires_grad=True) for p in ps] for ps in (W, b))
    step, losses = torch.optim.SGD(W + b, rate), []
    for epoch in range(epochs):
        order = np.arange(len(X))
        if batch < len(X):
            np.random.shuffle(order)
        for start in range(0, len(X) - batch + 1, batch):
            chosen = order[start:start + batch]
            A, y = torch.tensor(X[chosen]), torch.tensor(Y[chosen], dtype=torch.float64)
            for i, (w, c) in enumerate(zip(W, b)):
                z = A @ w.T + c.T
                A = acts[o.get("activation", activation)](z)
                if o.get("dropout"):
                    A = A * torch.tensor(learning.masks(o["dropout"], seed, i, len(w), chosen, epoch, np.float64).T)
            if name == "regression":
                loss = errors[o.get("loss", "mse")](z, y)
            elif name == "digits":
                loss = f.cross_entropy(z, y, reduction="sum", label_smoothing=o.get("label-smoothing", 0.0))
            else:
                loss = f.binary_cross_entropy_with_logits(z, y, reduction="sum")
            step.zero_grad()
            (loss / batch).backward()
            step.step()
        twice = 2 if name == "regression" and o.get("loss", "mse") == "mse" else 1
        losses.append(twice * loss.item() / batch)
    return np.array(losses)


def compare_learning():
    largest = 0.0
    for name in ("moons", "digits", "regression"):
        epochs, rate, choices = learning.RUNS[name]
        for options in choices:
            losses = learning.train(np.float64, name, rate, epochs, options)[0]
            largest = max(largest, np.max(np.abs(losses - torch_learns(name, epochs, rate, options))))
    print(f"{'PyTorch: activations, losses, masks':40} {largest:.1e}")
    assert largest < 1e-10


def main():
    def sgd(nesterov):
        return lambda p: SGDOptimizer(p, 0.05, "constant", 0.9, nesterov)

    compare("scikit-learn momentum", sklearns(sgd(False)), optimiser="momentum")
    compare("scikit-learn nesterov", sklearns(sgd(True)), optimiser="nesterov")
    compare("scikit-learn alpha", sklearns(sgd(False), l2=0.5), optimiser="momentum", l2=0.5)
    compare("scikit-learn adam", sklearns(lambda p: AdamOptimizer(p, 0.05, 0.9, 0.999, 1e-300)), optimiser="adam", epsilon=1e-300)
    compare("scikit-learn invscaling", sklearns(lambda p: SGDOptimizer(p, 0.05, "invscaling", 0.9, False, 0.5)),
            optimiser="momentum", schedule="inverse")
    try:
        import torch
    except ImportError:
        return print("PyTorch is not installed")
    optim = torch.optim
    for nesterov in (False, True):
        compare(f"PyTorch SGD nesterov={nesterov}", torchs(lambda W, b: optim.SGD(W + b, 0.05, 0.9, nesterov=nesterov)),
                optimiser="nesterov-torch" if nesterov else "momentum-torch")
    compare("PyTorch Adam", torchs(lambda W, b: optim.Adam(W + b, 0.05)), optimiser="adam")
    compare("PyTorch AdamW", torchs(lambda W, b: optim.AdamW([{"params": W}, {"params": b, "weight_decay": 0.0}], 0.05)), optimiser="adamw")
    compare("PyTorch RMSprop", torchs(lambda W, b: optim.RMSprop(W + b, 0.05)), optimiser="rmsprop")
    compare("PyTorch Adagrad", torchs(lambda W, b: optim.Adagrad(W + b, 0.05)), optimiser="adagrad")
    compare("PyTorch StepLR", torchs(lambda W, b: optim.SGD(W + b, 0.05, 0.9), lambda o: optim.lr_scheduler.StepLR(o, 10, 0.5)),
            optimiser="momentum-torch", schedule="step")
    compare_learning()


if __name__ == "__main__":
    main()
