"""The protocol of docs/peers.md, for a worker in Python: serve(Peer) answers mlpbench until it says bye.

A peer has
  hello()            what it says of itself, a dict with the keys of the answer to hello
  prepare(problem)   returns a training of a Problem, with
    train(epochs)    trains the problem from its initial parameters; returns (seconds, losses, mean losses)
    parameters()     the numbers that the last train() left, layer by layer W (units x inputs) and b, as float64 bytes

The seconds are of the epochs alone: all that the library does once, compiling included, belongs into prepare().
"""
import json
import os
import sys
import time

PROTOCOL = 1


class Refused(Exception):
    """A request that the worker does not serve; the text is the row's reason."""


class Problem:
    """What `prepare` hands over. Arrays are files of little-endian numbers, read by their name in the request."""

    def __init__(self, request):
        self.dtype = request["dtype"]  # "float32" or "float64"
        self.layers = request["layers"]  # inputs, hidden units, outputs
        self.activations = request["activations"]  # one for each layer after the inputs
        self.loss = request["loss"]
        self.log_epsilon = request["log_epsilon"]
        self.learning_rate = request["learning_rate"]
        self.sum_gradients = request["sum_gradients"]
        self.samples = request["samples"]
        self.batch_size = request["batch_size"]
        self.trained = request["trained_samples"]  # of each epoch, from the front of its order
        self.epochs = request["epochs"]  # at most
        self.files = request["files"]
        if request["optimiser"]["name"] != "sgd":
            raise Refused("this worker knows the optimiser sgd alone")

    def bytes(self, name):
        with open(self.files[name], "rb") as file:
            return bytearray(file.read())

    @property
    def whole(self):
        """Whether a step is one of all samples, in their own order."""
        return "order" not in self.files

    def batches(self):
        """Where each batch of an epoch begins and ends in the order."""
        return [(start, min(start + self.batch_size, self.trained)) for start in range(0, self.trained, self.batch_size)]

    def gradient_scale(self, samples):
        return 1.0 if self.sum_gradients else 1.0 / samples

    def known(self, kind, name, table):
        """table[name], or a refusal: "no activation 'elu' in scikit-learn"."""
        if name not in table:
            raise Refused(f"no {kind} '{name}' in this worker")
        return table[name]


def imported(name, module, package):
    """The module, or the end of the process once it has answered hello with what is missing."""
    try:
        return __import__(module)
    except ImportError as error:
        sys.stdin.readline()
        answer = f"{name} is not installed for {sys.executable} ({package}): {error}"
        sys.__stdout__.write(json.dumps({"error": answer.splitlines()[0]}) + "\n")
        sys.__stdout__.flush()
        sys.exit(1)


def clock():
    return time.perf_counter()


def finite(losses):
    """JSON has no NaN: null stands for a loss that is no number."""
    return [loss if loss - loss == 0.0 else None for loss in map(float, losses)]


def answer(peer, trainings, request):
    op = request["op"]
    if op == "hello":
        return {"protocol": PROTOCOL, "path": sys.executable, **peer.hello()}
    if op == "prepare":
        trainings.pop(request["case"], None)
        trainings[request["case"]] = peer.prepare(Problem(request))
        return {}
    if op == "train":
        seconds, losses, mean_losses = trainings[request["case"]].train(request["epochs"])
        return {"seconds": seconds, "losses": finite(losses), "mean_losses": finite(mean_losses)}
    if op == "parameters":
        with open(request["file"], "wb") as file:
            file.write(trainings[request["case"]].parameters())
        return {}
    raise Refused(f"no operation '{op}'")


def serve(peer):
    """Answers each line of the standard input. What libraries print must not stand between the answers."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    trainings = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = {} if request["op"] == "bye" else answer(peer, trainings, request)
        except Refused as refusal:
            reply = {"error": str(refusal)}
        out.write(json.dumps(reply) + "\n")
        out.flush()
        if request["op"] == "bye":
            return
