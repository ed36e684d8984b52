#!/usr/bin/env python3
"""mlpbench's peers `jax` and, with --jit-loop, `jax-jit`: a step under jit and the loop in Python, or all under jit.

Speaks docs/peers.md on its standard streams; `mlpbench run --peers jax,jax-jit` starts one each.
"""
import os
import sys

import worker

# XLA makes its threads when it is loaded.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["NPROC"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false " + os.environ.get("XLA_FLAGS", "")

jax = worker.imported("JAX", "jax", "PyPI: jax")
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", True)

# Of hidden layers, and of the last one.
ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "elu": jax.nn.elu,
               "identity": lambda z: z}
OUTPUTS = {**ACTIVATIONS, "softmax": jax.nn.softmax}


def binary_cross_entropy(z, a, y, e):
    """What is differentiated, and the loss; sums over samples. The derivative leaves log_epsilon out."""
    objective = jnp.sum(jax.nn.softplus(z) - y * z)
    if not e:
        return objective, objective
    # XLA makes 1 - a + e to (1 + e) - a, which is 0 for an a of 1 in float32.
    a, rest = jax.lax.optimization_barrier((a, 1 - a))
    return objective, -jnp.sum(y * jnp.log(a + e) + (1 - y) * jnp.log(rest + e))


def softmax_cross_entropy(z, a, y, e):
    objective = -jnp.sum(y * jax.nn.log_softmax(z))
    return objective, -jnp.sum(y * jnp.log(a + e)) if e else objective


def mean_squared_error(z, a, y, e):
    loss = jnp.sum((a - y) ** 2)
    return loss / 2, loss


LOSSES = {"binary cross-entropy": binary_cross_entropy, "softmax cross-entropy": softmax_cross_entropy,
          "mean squared error": mean_squared_error}


class Training:
    def __init__(self, problem, jit_loop):
        self.problem, self.jit_loop = problem, jit_loop
        dtype = np.dtype(problem.dtype)
        read = lambda name: np.frombuffer(problem.bytes(name), "<f8")
        self.X = read("X").reshape(problem.samples, -1).astype(dtype)
        self.Y = read("Y").reshape(problem.samples, -1).astype(dtype)
        self.order = None
        if not problem.whole:
            self.order = np.frombuffer(problem.bytes("order"), "<u4").reshape(-1, problem.samples).astype(np.int32)
        self.initial, flat, at = [], read("parameters").astype(dtype), 0
        for inputs, units in zip(problem.layers, problem.layers[1:]):
            W, b = flat[at:at + units * inputs].reshape(units, inputs).T, flat[at + units * inputs:][:units]
            self.initial.append((jnp.array(W), jnp.array(b)))
            at += units * (inputs + 1)
        step = self.step_of(problem)
        if jit_loop or problem.whole:
            self.X, self.Y = jnp.array(self.X), jnp.array(self.Y)
        if jit_loop:
            order = None if self.order is None else jnp.array(self.order)
            self.run = jax.jit(self.loop_of(problem, step, order))
        self.step = jax.jit(step)
        self.parameters_now = self.initial
        self.train(1)  # compiles

    @staticmethod
    def step_of(problem):
        *hidden, last = problem.activations
        hidden = [problem.known("activation", name, ACTIVATIONS) for name in hidden]
        last = problem.known("activation", last, OUTPUTS)
        loss_of = problem.known("loss", problem.loss, LOSSES)
        rate = problem.learning_rate

        def objective(parameters, X, Y):
            A = X
            for (W, b), act in zip(parameters, hidden):
                A = act(A @ W + b)
            Z = A @ parameters[-1][0] + parameters[-1][1]
            outputs = last(Z) if problem.loss == "mean squared error" else jax.lax.stop_gradient(last(Z))
            summed, loss = loss_of(Z, outputs, Y, problem.log_epsilon)
            return summed * problem.gradient_scale(len(X)), loss

        def step(parameters, X, Y):
            (_, loss), gradients = jax.value_and_grad(objective, has_aux=True)(parameters, X, Y)
            return jax.tree_util.tree_map(lambda p, g: p - rate * g, parameters, gradients), loss

        return step

    def loop_of(self, problem, step, order):
        """A function of the initial parameters, the data and a number of epochs: a training. One compilation."""
        batch, trained = problem.batch_size, problem.trained
        count, rest = trained // batch, trained % batch
        X, Y = self.X, self.Y

        def epoch(e, state):
            parameters, losses, means = state
            if order is None:
                parameters, loss = step(parameters, X, Y)
                return parameters, losses.at[e].set(loss / len(X)), means
            rows = order[e]

            def one(b, state):
                parameters, _, total = state
                chosen = jax.lax.dynamic_slice(rows, (b * batch,), (batch,))
                parameters, loss = step(parameters, X[chosen], Y[chosen])
                return parameters, loss / batch, total + loss

            zero = jnp.zeros((), X.dtype)
            parameters, last, total = jax.lax.fori_loop(0, count, one, (parameters, zero, zero))
            if rest:
                chosen = rows[count * batch:trained]
                parameters, loss = step(parameters, X[chosen], Y[chosen])
                last, total = loss / rest, total + loss
            return parameters, losses.at[e].set(last), means.at[e].set(total / trained)

        def run(parameters, epochs):
            empty = jnp.zeros((problem.epochs,), X.dtype)
            return jax.lax.fori_loop(0, epochs, epoch, (parameters, empty, empty))

        return run

    def train(self, epochs):
        if self.jit_loop:
            start = worker.clock()
            result = jax.block_until_ready(self.run(self.initial, epochs))
            seconds = worker.clock() - start
            self.parameters_now, losses, means = result
            return seconds, np.asarray(losses)[:epochs], [] if self.order is None else np.asarray(means)[:epochs]
        parameters, step, losses = self.initial, self.step, []
        X, Y, order, batches = self.X, self.Y, self.order, self.problem.batches()
        start = worker.clock()
        for epoch in range(epochs):
            if order is None:
                parameters, loss = step(parameters, X, Y)
                losses.append(loss)
                continue
            rows = order[epoch]
            for first, end in batches:
                chosen = rows[first:end]
                parameters, loss = step(parameters, X[chosen], Y[chosen])
                losses.append(loss)
        jax.block_until_ready((parameters, losses))
        seconds = worker.clock() - start
        self.parameters_now = parameters
        sums = np.array(losses)
        if order is None:
            return seconds, sums / self.problem.samples, []
        sums = sums.reshape(epochs, len(batches))
        return seconds, sums[:, -1] / (batches[-1][1] - batches[-1][0]), sums.sum(axis=1) / self.problem.trained

    def parameters(self):
        flat = [np.ravel(part) for W, b in self.parameters_now for part in (np.asarray(W).T, np.asarray(b))]
        return np.concatenate(flat).astype("<f8").tobytes()


class Peer:
    def __init__(self, jit_loop):
        self.jit_loop = jit_loop

    def hello(self):
        import jaxlib
        loop = "the loop over steps too" if self.jit_loop else "the loop over steps in Python"
        return {"version": f"JAX {jax.__version__}, jaxlib {jaxlib.__version__}", "threads": 1,
                "dtypes": ["float64", "float32"], "compared": "losses",
                "about": f"value_and_grad under jit, {loop}"}

    def prepare(self, problem):
        return Training(problem, self.jit_loop)


if __name__ == "__main__":
    worker.serve(Peer("--jit-loop" in sys.argv[1:]))
