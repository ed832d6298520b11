"""Metrics of live quality as scikit-learn computes them, for test/runtime/feedback/oracle.test.ts.

    pip install scikit-learn==1.9.1
    python test/oracles/quality.py > test/oracles/quality.json
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    mean_absolute_error,
    precision_recall_fscore_support,
    roc_auc_score,
    root_mean_squared_error,
)

BINS = 10


def expected_calibration_error(came_true, probabilities):
    """The two means of each bin are scikit-learn's, their weights how many it puts into each."""
    true, mean = calibration_curve(came_true, probabilities, n_bins=BINS, strategy="uniform")
    edges = np.linspace(0, 1, BINS + 1)
    counts = np.bincount(np.searchsorted(edges[1:-1], probabilities), minlength=BINS)
    return float(np.sum(counts[counts > 0] * np.abs(true - mean)) / len(probabilities))


def scores(right, given, **how):
    precision, recall, f1, _ = precision_recall_fscore_support(right, given, zero_division=0, **how)
    return {
        "accuracy": float(accuracy_score(right, given)),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
    }


def binary(seed, count, share, digits, threshold=0.5):
    random = np.random.default_rng(seed)
    right = (random.random(count) < share).astype(int)
    raw = 1 / (1 + np.exp(-(random.normal(size=count) + 1.5 * right - 0.75)))
    score = np.round(raw, digits)
    given = (score >= threshold).astype(int)
    return {
        "task": "binary",
        "threshold": threshold,
        "right": right.tolist(),
        "scores": score.tolist(),
        "expected": {
            **scores(right, given, average="binary"),
            "roc_auc": float(roc_auc_score(right, score)),
            "calibration_error": expected_calibration_error(right, score),
        },
    }


def multiclass(seed, count, classes):
    random = np.random.default_rng(seed)
    right = random.integers(0, classes, size=count)
    logits = random.normal(size=(count, classes))
    logits[np.arange(count), right] += 1
    # The last class is never right, so that some of its scores divide by nothing.
    right[right == classes - 1] = 0
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    given = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    return {
        "task": "classification",
        "right": right.tolist(),
        "probabilities": probabilities.tolist(),
        "expected": {
            **scores(right, given, average="macro"),
            "calibration_error": expected_calibration_error(right == given, confidence),
        },
    }


def regression(seed, count, scale):
    random = np.random.default_rng(seed)
    right = random.normal(size=count) * scale
    given = right + random.normal(size=count) * scale / 10
    return {
        "task": "regression",
        "right": right.tolist(),
        "given": given.tolist(),
        "expected": {
            "rmse": float(root_mean_squared_error(right, given)),
            "mae": float(mean_absolute_error(right, given)),
        },
    }


json.dump(
    {
        "scikit-learn": sklearn.__version__,
        "cases": {
            "binary, fine scores": binary(1, 400, 0.5, 6),
            "binary, tied scores on the bounds of bins": binary(2, 300, 0.3, 1),
            "binary, rare and with another threshold": binary(3, 300, 0.05, 2, 0.8),
            "three classes": multiclass(4, 200, 3),
            "seven classes, one of them never right": multiclass(5, 150, 7),
            "regression": regression(6, 200, 3),
            "regression, large numbers": regression(7, 50, 1e6),
        },
    },
    sys.stdout,
)
print()
