#!/usr/bin/env python3
"""Writes what scikit-learn makes of the tables in tables/: the SHA-256 of training and test data.

One entry a call of train_csv: its arguments, the names of the classes and of the features, and what the record's
dataset_sha256 must be: the SHA-256 of X and Y of the training rows and then of the test rows, as float64. Numbers are
imputed (SimpleImputer) and standardised (StandardScaler), names are one-hot encoded (OneHotEncoder, levels of the
training rows, unknown and missing ones are 0) and stay 0 and 1, the order of the features is that of the columns.

Written with NumPy 1.24.2 and scikit-learn 1.2.1.

usage: python3 generate_tables.py [FOLDER_OF_TABLES] > tables.json
"""
import csv
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MISSING = {"", "?", "NA", "NaN"}

CASES = [
    dict(file="seattle-weather.csv", target="weather", drop=["date"]),
    dict(file="winequality-red.csv", target="quality", delimiter=";"),
    dict(file="winequality-red.csv", target="quality", delimiter=";", task="regression"),
    dict(file="penguins.csv", target="species", categorical=["island", "sex"], missing="drop"),
    dict(file="penguins.csv", target="body_mass_g", categorical=["species", "island", "sex"], missing="drop"),
    dict(file="titanic.csv", target="survived", missing="mean", categorical=["sex", "embarked", "class", "deck"],
         drop=["who", "adult_male", "embark_town", "alive", "alone"]),
    dict(file="titanic.csv", target="who", missing="median", categorical=["sex", "embark_town"],
         drop=["adult_male", "embarked", "class", "alive", "alone", "deck"]),
]


def as_numbers(cells):
    return np.array([np.nan if cell in MISSING else float(cell) for cell in cells])


def scaled_one_column(train, other):
    """StandardScaler's formula summed from row to row; scikit-learn sums one column pairwise."""
    mean = sum(train.tolist()) / len(train)
    away = [value - mean for value in train.tolist()]
    squares = residue = 0.0
    for distance in away:
        residue += distance
        squares += distance * distance
    scale = np.sqrt((squares - residue * residue / len(train)) / len(train))
    return [((y - mean) / scale).reshape(-1, 1) for y in (train, other)]


def features_of(case, header, rows, train, test):
    """X of the training rows, X of the test rows, names of the features."""
    names = [name for name in header if name != case["target"] and name not in case.get("drop", [])]
    column = {name: np.array([row[header.index(name)] for row in rows]) for name in names}
    categorical = case.get("categorical", [])
    numbers = [name for name in names if name not in categorical]
    X = np.ascontiguousarray(np.stack([as_numbers(column[name]) for name in numbers], axis=1))
    X_train, X_test = np.ascontiguousarray(X[train]), np.ascontiguousarray(X[test])
    if case.get("missing") in ("mean", "median"):
        imputer = SimpleImputer(strategy=case["missing"]).fit(X_train)
        X_train, X_test = (np.ascontiguousarray(imputer.transform(part)) for part in (X_train, X_test))
    scaler = StandardScaler().fit(X_train)
    X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
    parts, feature_names = [], []
    for name in names:
        if name in numbers:
            j = numbers.index(name)
            parts.append((X_train[:, j:j + 1], X_test[:, j:j + 1]))
            feature_names.append(name)
            continue
        levels = sorted(set(column[name][train]) - (MISSING if "missing" in case else set()))
        encoder = OneHotEncoder(categories=[levels], handle_unknown="ignore", sparse_output=False)
        encoder.fit(np.array(levels).reshape(-1, 1))
        parts.append(tuple(encoder.transform(column[name][of].reshape(-1, 1)) for of in (train, test)))
        feature_names += [f"{name}={level}" for level in levels]
    return np.hstack([part[0] for part in parts]), np.hstack([part[1] for part in parts]), feature_names


def targets_of(case, cells, train, test):
    numbers = all(cell not in MISSING and cell.replace(".", "", 1).isdigit() for cell in cells)
    distinct = sorted(set(cells), key=(float if numbers else str))
    if case.get("task") == "regression" or (numbers and len(distinct) > 20):
        y = as_numbers(cells)
        return (*scaled_one_column(y[train], y[test]), [])
    index = np.array([distinct.index(cell) for cell in cells])
    Y = index.reshape(-1, 1).astype(float) if len(distinct) == 2 else np.eye(len(distinct))[index]
    return Y[train], Y[test], distinct


def arguments_of(case):
    options = [case["file"], "--target", case["target"]]
    for name in ("task", "delimiter", "missing"):
        options += [f"--{name}", case[name]] if name in case else []
    for name in ("drop", "categorical"):
        options += [f"--{name}", ",".join(case[name])] if name in case else []
    return options


def entry_of(case, folder):
    with open(folder / case["file"], newline="") as file:
        header, *rows = csv.reader(file, delimiter=case.get("delimiter", ","))
    at = header.index(case["target"])
    if case.get("missing") == "drop":
        kept = [j for j, name in enumerate(header) if name not in case.get("drop", [])]
        rows = [row for row in rows if not any(row[j] in MISSING for j in kept)]
    elif "missing" in case:
        rows = [row for row in rows if row[at] not in MISSING]
    train, test = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=42)
    X_train, X_test, features = features_of(case, header, rows, train, test)
    Y_train, Y_test, classes = targets_of(case, [row[at] for row in rows], train, test)
    digest = hashlib.sha256()
    for part in (X_train, Y_train, X_test, Y_test):
        digest.update(np.ascontiguousarray(part, dtype="<f8").tobytes())
    return {"arguments": arguments_of(case), "class_names": classes, "features": features,
            "training_rows": len(train), "test_rows": len(test), "dataset_sha256": digest.hexdigest()}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "tables"
    record = {"cases": [entry_of(case, folder) for case in CASES],
              "written_with": {"numpy": np.__version__, "scikit-learn": sklearn.__version__}}
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
