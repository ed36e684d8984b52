#!/usr/bin/env python3
"""mlpbench's peer `sklearn`: scikit-learn's MLPClassifier or MLPRegressor, an epoch a call of partial_fit.

Speaks docs/peers.md on its standard streams; `mlpbench run --peers sklearn` starts it.
"""
import warnings

import worker
from numpy_peer import loaded_openblas, np

worker.imported("scikit-learn", "sklearn", "Debian: python3-sklearn")
import sklearn  # noqa: E402
from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: E402

HIDDEN = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "identity": "identity"}
ENDS = {("sigmoid", "binary cross-entropy"): MLPClassifier, ("softmax", "softmax cross-entropy"): MLPClassifier,
        ("identity", "mean squared error"): MLPRegressor}


class Training:
    def __init__(self, problem):
        self.problem = problem
        hidden = {problem.known("activation", name, HIDDEN) for name in problem.activations[:-1]}
        if len(hidden) > 1:
            raise worker.Refused("scikit-learn has one activation for all hidden layers")
        end = (problem.activations[-1], problem.loss)
        self.model_type = problem.known("loss", " and ".join(end), {" and ".join(k): v for k, v in ENDS.items()})
        dtype = np.dtype(problem.dtype)
        read = lambda name: np.frombuffer(problem.bytes(name), "<f8").reshape(problem.samples, -1)
        self.X, Y = read("X").astype(dtype), read("Y")
        self.regression = self.model_type is MLPRegressor
        self.classes = None if self.regression else np.arange(max(2, Y.shape[1]))
        if self.regression:
            self.Y = Y.astype(dtype) if Y.shape[1] > 1 else Y.ravel().astype(dtype)
        elif Y.shape[1] > 1:
            self.Y = Y.argmax(axis=1)
        else:
            self.Y = Y.ravel().astype(int)
        if problem.layers[-1] > 1 and problem.activations[-1] == "sigmoid":
            raise worker.Refused("scikit-learn has no network of several sigmoid outputs of one hot class")
        # partial_fit trains on an incomplete last batch too; a sum of gradients is a larger rate.
        rate = problem.learning_rate * (problem.batch_size if problem.sum_gradients else 1)
        self.options = dict(hidden_layer_sizes=problem.layers[1:-1], activation=(hidden or {"identity"}).pop(),
                            solver="sgd", alpha=0.0, momentum=0.0, nesterovs_momentum=False,
                            learning_rate="constant", learning_rate_init=rate, batch_size=problem.batch_size,
                            shuffle=not problem.whole, random_state=1)
        self.model = None
        self.train(1)

    def train(self, epochs):
        self.model = self.model_type(**self.options)
        fit = self.model.partial_fit
        more = () if self.regression else (self.classes,)
        X, Y = self.X, self.Y
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            start = worker.clock()
            for _ in range(epochs):
                fit(X, Y, *more)
            seconds = worker.clock() - start
        return seconds, self.model.loss_curve_, [] if self.problem.whole else self.model.loss_curve_

    def parameters(self):
        flat = [part for W, b in zip(self.model.coefs_, self.model.intercepts_) for part in (W.T.ravel(), b.ravel())]
        return np.concatenate(flat).astype("<f8").tobytes()


class Peer:
    def hello(self):
        np.dot(np.ones((8, 8)), np.ones((8, 8)))
        blas = loaded_openblas()
        version = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"
        return {"version": version + (f", {blas[0]} {blas[1]}" if blas else ""), "threads": blas[2] if blas else 1,
                "dtypes": ["float64", "float32"], "compared": "accuracy",
                "why": "scikit-learn draws its own initial weights and order of the batches",
                "about": "MLPClassifier or MLPRegressor, an epoch a call of partial_fit"}

    def prepare(self, problem):
        return Training(problem)


if __name__ == "__main__":
    worker.serve(Peer())
