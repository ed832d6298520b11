"""KServe's own clients for version 2 of the protocol, REST and gRPC."""

import logging
import os

import grpc
import httpx
import numpy as np
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

from cases import CASES, GRPC, HTTP, case, run
from datatypes import VALUES, shown

logging.disable(logging.CRITICAL)
URL = f"http://{HTTP}"


def rest():
    return InferenceRESTClient(RESTConfig(protocol="v2", retries=0))


def request(model, name, array, datatype, binary, **options):
    made = InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return InferRequest(model, [made], **options)


@case
async def rest_health():
    client = rest()
    return [
        await client.is_server_live(URL),
        await client.is_server_ready(URL),
        await client.is_model_ready(URL, "add"),
        await client.is_model_ready(URL, "nothing"),
    ]


def register_rest(datatype, binary):
    async def function():
        outputs = [RequestedOutput("y", parameters={"binary_data": binary})]
        sent = request(f"echo-{datatype.lower()}", "x", VALUES[datatype], datatype, binary, request_outputs=outputs)
        answer = await rest().infer(URL, sent, model_name=sent.model_name)
        return shown(answer.outputs[0].as_numpy())

    CASES[f"REST {datatype}, {'binary' if binary else 'json'}"] = function


def register_grpc(datatype):
    async def function():
        async with InferenceGRPCClient(GRPC, retries=0) as client:
            sent = request(f"echo-{datatype.lower()}", "x", VALUES[datatype], datatype, True)
            return shown((await client.infer(sent)).outputs[0].as_numpy())

    CASES[f"gRPC {datatype}"] = function


for datatype in VALUES:
    register_rest(datatype, True)
    if datatype != "FP16":
        # This client has no JSON form of half precision.
        register_rest(datatype, False)
    register_grpc(datatype)


@case
async def rest_error():
    try:
        await rest().infer(URL, request("nothing", "x", VALUES["FP32"], "FP32", False), model_name="nothing")
    except httpx.HTTPStatusError as error:
        return [error.response.status_code, str(error).split(", '")[0]]


@case
async def rest_plain_dictionary():
    data = {"id": "seven", "inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP32", "data": [[1, 2, 3, 4]]}]}
    answer = await rest().infer(URL, data, model_name="echo-fp32")
    return [answer.id, answer.model_name, answer.outputs[0].as_numpy().tolist()]


@case
async def grpc_health():
    async with InferenceGRPCClient(GRPC, retries=0) as client:
        return [await client.is_server_live(), await client.is_server_ready(), await client.is_model_ready("add")]


@case
async def grpc_typed_contents():
    async with InferenceGRPCClient(GRPC, retries=0) as client:
        sent = request("echo-int64", "x", VALUES["INT64"], "INT64", False)
        return shown((await client.infer(sent)).outputs[0].as_numpy())


@case
async def grpc_error():
    async with InferenceGRPCClient(GRPC, retries=0) as client:
        try:
            await client.infer(request("nothing", "x", VALUES["FP32"], "FP32", True))
        except grpc.aio.AioRpcError as error:
            return [error.code().name, error.details()]


run()
