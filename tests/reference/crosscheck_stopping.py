#!/usr/bin/env python3
"""Early stopping beside scikit-learn: run by hand.

moons, full batch, float64: the program with --validation-split holds out the rows of train_test_split, and its validation loss after each
epoch is compared with the log loss of MLPClassifier, trained on the same rows from the same weights; below 1e-10. Then the
epoch that the program kept and the epoch in which it ended are compared with the rule applied to scikit-learn's losses.

scikit-learn's own early_stopping differs in three ways: it judges by accuracy, it keeps the weights of any better epoch whatever
tol is, and it ends after n_iter_no_change + 1 epochs without a better one.

usage: OPENBLAS_NUM_THREADS=1 python3 crosscheck_stopping.py PATH_OF_MOONS
"""
import json
import subprocess
import sys

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._stochastic_optimizers import SGDOptimizer

import crosscheck

RATE, EPOCHS, PATIENCE, MIN_DELTA = 0.5, 3000, 7, 1e-4


def sklearn_losses():
    X, Y, W, b = crosscheck.start()
    X, X_held, Y, Y_held = train_test_split(X, Y, test_size=0.2, random_state=42)
    model = MLPClassifier((4,), activation="tanh", alpha=0.0, batch_size=len(X), shuffle=False)
    model.partial_fit(X, Y.ravel(), classes=[0, 1])
    for own, weights in zip(model.coefs_, W):
        own[...] = weights.T
    for own, bias in zip(model.intercepts_, b):
        own[...] = bias
    model._optimizer = SGDOptimizer(model.coefs_ + model.intercepts_, RATE, "constant", 0.0, False)
    losses = []
    for _ in range(EPOCHS):
        model.partial_fit(X, Y.ravel())
        p = model.predict_proba(X_held)[:, 1]
        y = Y_held.ravel()
        losses.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    return losses


def main():
    options = ["--trainer", "full-batch", "--learning-rate", str(RATE), "--epochs", str(EPOCHS), "--validation-split", "0.2",
               "--patience", str(PATIENCE), "--min-delta", str(MIN_DELTA), "--json", "-"]
    found = json.loads(subprocess.run([sys.argv[1], *options], check=True, capture_output=True).stdout)["validation"]
    expected = sklearn_losses()
    best, epoch, lowest = 0, 0, np.inf
    while epoch < EPOCHS and epoch - best < PATIENCE:
        epoch += 1
        if expected[epoch - 1] < lowest - MIN_DELTA:
            best, lowest = epoch, expected[epoch - 1]
    losses = np.array(found["loss_per_epoch"])
    print(f"epochs {len(losses)} and {epoch}, best {found['best_epoch']} and {best}, "
          f"largest difference of a loss {np.max(np.abs(losses - expected[:len(losses)])):.1e}")
    assert len(losses) == epoch and found["best_epoch"] == best
    assert np.max(np.abs(losses - expected[:epoch])) < 1e-10


main()
