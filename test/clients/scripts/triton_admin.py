"""Loading and unloading with both of NVIDIA's clients, on a server that leaves it to them."""

import json

import numpy as np
import tritonclient.grpc as grpc
import tritonclient.grpc.aio as grpc_aio
import tritonclient.http as http
import tritonclient.http.aio as http_aio
from tritonclient.utils import InferenceServerException

from cases import CASES, GRPC, HTTP, case, refusal, run

CLIENTS = {"http": (http, HTTP), "grpc": (grpc, GRPC)}
AIO_CLIENTS = {"http": (http_aio, HTTP), "grpc": (grpc_aio, GRPC)}


def states(client, transport):
    if transport == "http":
        return {entry["name"]: entry.get("state", "") for entry in client.get_model_repository_index()}
    return {entry.name: entry.state for entry in client.get_model_repository_index().models}


def infer(client, module):
    x = module.InferInput("x", [1, 4], "FP32")
    x.set_data_from_numpy(np.ones((1, 4), dtype=np.float32))
    try:
        return client.infer("late", [x]).as_numpy("y").tolist()
    except InferenceServerException as error:
        return refusal(error)


def register(transport):
    module, address = CLIENTS[transport]

    def load_infer_unload():
        with module.InferenceServerClient(address) as client:
            before = [client.is_model_ready("late"), infer(client, module)]
            client.load_model("late")
            loaded = [client.is_model_ready("late"), states(client, transport)["late"], infer(client, module)]
            client.unload_model("late")
            after = [client.is_model_ready("late"), infer(client, module)]
            return {"before": before, "loaded": loaded, "after": after}

    def load_of_an_unknown_model():
        with module.InferenceServerClient(address) as client:
            try:
                client.load_model("nothing")
            except InferenceServerException as error:
                return refusal(error)

    def load_of_a_broken_model():
        with module.InferenceServerClient(address) as client:
            try:
                client.load_model("broken")
            except InferenceServerException as error:
                return [refusal(error), client.is_server_live()]

    def load_with_tritons_configuration():
        config = {
            "max_batch_size": 4,
            "instance_group": [{"count": 2, "kind": "KIND_CPU"}],
            "dynamic_batching": {"preferred_batch_size": [2], "max_queue_delay_microseconds": 500},
        }
        with module.InferenceServerClient(address) as client:
            client.load_model("late", config=json.dumps(config))
            if transport == "http":
                shown = client.get_model_config("late")
            else:
                shown = client.get_model_config("late", as_json=True)["config"]
            client.unload_model("late")
            batching = shown["dynamic_batching"]
            return [
                shown["max_batch_size"],
                shown["instance_group"][0]["count"],
                batching["preferred_batch_size"],
                int(batching["max_queue_delay_microseconds"]),
            ]

    async def aio():
        aio_module, aio_address = AIO_CLIENTS[transport]
        async with aio_module.InferenceServerClient(aio_address) as client:
            await client.load_model("late")
            loaded = await client.is_model_ready("late")
            await client.unload_model("late")
            return [loaded, await client.is_model_ready("late")]

    for function in (
        load_infer_unload,
        load_of_an_unknown_model,
        load_of_a_broken_model,
        load_with_tritons_configuration,
        aio,
    ):
        CASES[f"{transport}: {function.__name__}"] = function


register("http")
register("grpc")
run()
