"""Writes the reference of each model in this folder: its numbers, its loss and its gradients.

Each function below is the model in ordinary PyTorch, written from what the model is and not from its .eq file;
the gradients are autograd's, in float64. Run from anywhere, then format what it wrote:

    /usr/bin/python3 reference.py && npx prettier --write *.json
"""

import json
import math
import random
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def residual(p, x, y):
    h = torch.tanh(p["W1"] @ x + p["b1"])
    for _ in range(2):
        h = h + torch.tanh(F.linear(h, p["W2"], p["b2"]))
    return 0.5 * (p["W3"] @ h - y).square().sum()


def shared(p, x, y):
    u = torch.tanh(F.linear(x, p["W"], p["b"]))
    v = torch.sigmoid(F.linear(u, p["W"], p["b"]))
    w = p["s"] * (p["W"] @ v) + p["b"]
    return F.mse_loss(w, y) + 0.03 * (p["W"].norm().square() + p["s"] ** 2)


def autoencoder(p, x):
    code = torch.sigmoid(F.linear(x, p["W"], p["b"]))
    return F.mse_loss(F.linear(code, p["W"].T, p["c"]), x)


def layer_norm(p, x, y):
    out = F.layer_norm(p["W"] @ x, (4,), weight=p["g"], bias=p["b"], eps=1e-5)
    return 0.5 * F.mse_loss(out, y, reduction="sum")


def bilinear(p, x, u, y, t):
    q = x @ p["A"] @ x
    s = F.bilinear(x[None], u[None], p["B"][None]).squeeze() + p["d"]
    return 0.5 * (q - y) ** 2 + F.binary_cross_entropy_with_logits(s, t)


def attention(p, x, y):
    q, k, v = (x @ p[name].T for name in ("Wq", "Wk", "Wv"))
    weights = torch.softmax(q @ k.T / math.sqrt(q.shape[1]), dim=1)
    return F.mse_loss(x + weights @ v @ p["Wo"].T, y)


def recurrent(p, x, y):
    h, loss = p["start"], 0.0
    for xt, yt in zip(x, y):
        h = torch.tanh(F.linear(xt, p["W"]) + F.linear(h, p["U"], p["b"]))
        loss = loss + 0.5 * (F.linear(h, p["V"], p["a"]) - yt).square().sum()
    return loss


def recurrent_by_hand(p, x, y):
    h = torch.zeros(1, 4)
    for xt in x:
        h = torch.rnn_tanh_cell(xt[None], h, p["W"], p["U"], p["b"], torch.zeros(4))
    return (p["V"] @ h[0] - y) ** 2


# The shapes of the parameters, then those of the inputs, () being a number.
MODELS = {
    "residual": (residual, {"W1": (4, 3), "b1": (4,), "W2": (4, 4), "b2": (4,), "W3": (2, 4)}, {"x": (3,), "y": (2,)}),
    "shared": (shared, {"W": (3, 3), "b": (3,), "s": ()}, {"x": (3,), "y": (3,)}),
    "autoencoder": (autoencoder, {"W": (2, 5), "b": (2,), "c": (5,)}, {"x": (5,)}),
    "layer-norm": (layer_norm, {"W": (4, 3), "g": (4,), "b": (4,)}, {"x": (3,), "y": (4,)}),
    "bilinear": (bilinear, {"A": (3, 3), "B": (3, 2), "d": ()}, {"x": (3,), "u": (2,), "y": (), "t": ()}),
    "attention": (
        attention,
        {"Wq": (2, 3), "Wk": (2, 3), "Wv": (2, 3), "Wo": (3, 2)},
        {"x": (4, 3), "y": (4, 3)},
    ),
    "recurrent": (
        recurrent,
        {"W": (3, 2), "U": (3, 3), "b": (3,), "V": (2, 3), "a": (2,), "start": (3,)},
        {"x": (4, 2), "y": (4, 2)},
    ),
    "recurrent-by-hand": (
        recurrent_by_hand,
        {"W": (4, 2), "U": (4, 4), "b": (4,), "V": (4,)},
        {"x": (3, 2), "y": ()},
    ),
}


def draw(rng, shape):
    """Numbers of two decimals, none of them near zero."""
    if shape == ():
        return rng.choice((-1, 1)) * rng.randrange(11, 98) / 100
    return [draw(rng, shape[1:]) for _ in range(shape[0])]


def main():
    for seed, (name, (loss_of, parameters, inputs)) in enumerate(MODELS.items(), 2024):
        rng = random.Random(seed)
        numbers = {key: draw(rng, shape) for key, shape in {**parameters, **inputs}.items()}
        if "t" in inputs:
            numbers["t"] = 0.37
        p = {key: torch.tensor(numbers[key], requires_grad=True) for key in parameters}
        loss = loss_of(p, *(torch.tensor(numbers[key]) for key in inputs))
        loss.backward()
        reference = {
            "provenance": f"torch {torch.__version__} from Debian's python3-torch, float64, autograd; reference.py",
            "inputs": {key: numbers[key] for key in inputs},
            "parameters": {key: numbers[key] for key in parameters},
            "loss": loss.item(),
            "gradients": {key: p[key].grad.tolist() for key in parameters},
        }
        path = Path(__file__).with_name(f"{name}.json")
        path.write_text(json.dumps(reference, indent=2) + "\n")


main()
