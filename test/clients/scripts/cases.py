"""Runs the cases of a script one after the other; prints what each gave, or why it failed, as one JSON object by name."""

import asyncio
import inspect
import json
import sys
import traceback

HTTP, GRPC = sys.argv[1:3]

CASES = {}


def case(function):
    """A function or coroutine function is a case under its own name."""
    CASES[function.__name__] = function
    return function


def refusal(error):
    """What is compared of a client's exception."""
    return {"type": type(error).__name__, "status": error.status(), "message": error.message()}


def run():
    outcomes = {}
    for name, function in CASES.items():
        try:
            value = function()
            outcomes[name] = {"value": asyncio.run(value) if inspect.iscoroutine(value) else value}
        except BaseException:
            outcomes[name] = {"error": traceback.format_exc()}
    json.dump(outcomes, sys.stdout)
