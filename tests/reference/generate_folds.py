"""Writes folds.json: the test rows of scikit-learn's KFold and StratifiedKFold with shuffle=True.

    python3 tests/reference/generate_folds.py
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.model_selection import KFold, StratifiedKFold

cases = []
for samples, classes, folds, seed in [(10, 2, 2, 0), (23, 3, 5, 1), (50, 4, 7, 42), (101, 10, 3, 7), (12, 2, 12, 3)]:
    random = np.random.RandomState(seed + 100)
    labels = random.randint(0, classes, samples)
    if folds == samples:
        labels[:] = 1
    X = np.zeros((samples, 1))
    tests = lambda split: [test.tolist() for _, test in split]
    cases.append({"labels": labels.tolist(), "classes": classes, "folds": folds, "seed": seed,
                  "stratified": tests(StratifiedKFold(folds, shuffle=True, random_state=seed).split(X, labels)),
                  "plain": tests(KFold(folds, shuffle=True, random_state=seed).split(X))})
path = pathlib.Path(__file__).with_name("folds.json")
path.write_text(json.dumps({"sklearn": sklearn.__version__, "cases": cases}) + "\n")
