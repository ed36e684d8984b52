#!/usr/bin/env python3
"""mlpbench's peer `torch`: torch.nn.Sequential, autograd and torch.optim.SGD on one thread.

Speaks docs/peers.md on its standard streams; `mlpbench run --peers torch` starts it.
"""
import array

import worker

torch = worker.imported("PyTorch", "torch", "Debian: python3-torch")
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

torch.set_num_threads(1)

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "elu": nn.ELU}
OUTPUTS = {"identity": lambda z: z, "sigmoid": torch.sigmoid, "softmax": lambda z: torch.softmax(z, 1),
           "relu": torch.relu, "tanh": torch.tanh, "elu": functional.elu}


def binary_cross_entropy(z, act, y, e):
    """What is differentiated, and the loss; sums over samples. The derivative leaves log_epsilon out."""
    objective = functional.binary_cross_entropy_with_logits(z, y, reduction="sum")
    if not e:
        return objective, objective.detach()
    with torch.no_grad():
        a = act(z)
        return objective, -(y * torch.log(a + e) + (1 - y) * torch.log(1 - a + e)).sum()


def softmax_cross_entropy(z, act, y, e):
    objective = functional.cross_entropy(z, y, reduction="sum")
    if not e:
        return objective, objective.detach()
    with torch.no_grad():
        return objective, -(y * torch.log(act(z) + e)).sum()


def mean_squared_error(z, act, y, e):
    loss = functional.mse_loss(act(z), y, reduction="sum")
    return loss / 2, loss.detach()


LOSSES = {"binary cross-entropy": binary_cross_entropy, "softmax cross-entropy": softmax_cross_entropy,
          "mean squared error": mean_squared_error}


class Training:
    def __init__(self, problem):
        self.problem = problem
        dtype = getattr(torch, problem.dtype)
        read = lambda name: torch.frombuffer(problem.bytes(name), dtype=torch.float64)
        self.X = read("X").reshape(problem.samples, -1).to(dtype)
        self.Y = read("Y").reshape(problem.samples, -1).to(dtype)
        self.order = None
        if not problem.whole:
            order = torch.frombuffer(problem.bytes("order"), dtype=torch.int32)
            self.order = order.to(torch.int64).reshape(-1, problem.samples)
        *hidden, last = problem.activations
        parts = []
        for inputs, units, name in zip(problem.layers, problem.layers[1:], hidden + ["identity"]):
            parts.append(nn.Linear(inputs, units, dtype=dtype))
            if name != "identity":
                parts.append(problem.known("activation", name, ACTIVATIONS)())
        self.model = nn.Sequential(*parts)
        self.act = problem.known("activation", last, OUTPUTS)
        self.loss = problem.known("loss", problem.loss, LOSSES)
        flat = read("parameters")
        self.initial = list(torch.split(flat, [p.numel() for p in self.model.parameters()]))
        self.train(1)

    def train(self, epochs):
        problem, model, act, loss_of, order = self.problem, self.model, self.act, self.loss, self.order
        with torch.no_grad():
            for parameter, values in zip(model.parameters(), self.initial):
                parameter.copy_(values.reshape(parameter.shape))
        optimiser = torch.optim.SGD(model.parameters(), lr=problem.learning_rate)
        epsilon, losses, batches = problem.log_epsilon, [], problem.batches()

        def step(X, Y):
            optimiser.zero_grad(set_to_none=True)
            objective, loss = loss_of(model(X), act, Y, epsilon)
            (objective * problem.gradient_scale(len(X))).backward()
            optimiser.step()
            losses.append(loss)

        start = worker.clock()
        for epoch in range(epochs):
            if order is None:
                step(self.X, self.Y)
                continue
            rows = order[epoch]
            for first, end in batches:
                chosen = rows[first:end]
                step(self.X[chosen], self.Y[chosen])
        seconds = worker.clock() - start
        sums = torch.stack(losses).to(torch.float64)
        if order is None:
            return seconds, (sums / problem.samples).tolist(), []
        sums = sums.reshape(epochs, len(batches))
        last = sums[:, -1] / (batches[-1][1] - batches[-1][0])
        return seconds, last.tolist(), (sums.sum(1) / problem.trained).tolist()

    def parameters(self):
        flat = torch.cat([p.detach().reshape(-1) for p in self.model.parameters()])
        return array.array("d", flat.to(torch.float64).tolist()).tobytes()


class Peer:
    def hello(self):
        return {"version": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads(),
                "dtypes": ["float64", "float32"], "compared": "losses",
                "about": "torch.nn.Sequential, autograd and torch.optim.SGD"}

    def prepare(self, problem):
        return Training(problem)


if __name__ == "__main__":
    worker.serve(Peer())
