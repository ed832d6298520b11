"""tritonclient.http and tritonclient.http.aio as NVIDIA ships them."""

import asyncio

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as aio
from tritonclient.utils import InferenceServerException

from cases import CASES, HTTP, case, refusal, run
from datatypes import VALUES, same, shown

client = http.InferenceServerClient(HTTP, concurrency=8)


def tensor(name, array, datatype, binary=True, module=http):
    made = module.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def echo(datatype, array, binary_in=True, binary_out=True, **options):
    outputs = [http.InferRequestedOutput("y", binary_data=binary_out)]
    inputs = [tensor("x", array, datatype, binary_in)]
    return client.infer(f"echo-{datatype.lower()}", inputs, outputs=outputs, **options)


def refused(function, *args, **options):
    try:
        answer = function(*args, **options)
    except InferenceServerException as error:
        return refusal(error)
    raise AssertionError(f"no exception, but {answer}")


def add_inputs(a, b, binary=True, module=http):
    return [tensor(name, np.array([row], dtype=np.int64), "INT64", binary, module) for name, row in (("a", a), ("b", b))]


def register_echo(datatype, way_in, way_out):
    def function():
        answer = echo(datatype, VALUES[datatype], way_in == "binary", way_out == "binary")
        return shown(answer.as_numpy("y"))

    CASES[f"{datatype}, {way_in} in, {way_out} out"] = function


for datatype in VALUES:
    for way_in in ("binary", "json"):
        for way_out in ("binary", "json"):
            register_echo(datatype, way_in, way_out)


@case
def health():
    return [
        client.is_server_live(),
        client.is_server_ready(),
        client.is_model_ready("add"),
        client.is_model_ready("add", "1"),
        client.is_model_ready("add", "7"),
        client.is_model_ready("nothing"),
    ]


@case
def server_metadata():
    return client.get_server_metadata()


@case
def model_metadata():
    return client.get_model_metadata("add", "1")


@case
def model_config():
    return client.get_model_config("echo-fp16")


@case
def repository_index():
    return client.get_model_repository_index()


@case
def statistics_count_an_inference():
    def counts():
        (statistics,) = client.get_inference_statistics("add", "1")["model_stats"]
        return statistics["inference_count"], statistics["inference_stats"]["success"]["count"]

    before = counts()
    client.infer("add", add_inputs([1, 2], [3, 4]))
    return [after - count for after, count in zip(counts(), before)]


@case
def statistics_of_all_models():
    return sorted(entry["name"] for entry in client.get_inference_statistics()["model_stats"])


@case
def outputs_in_the_order_asked_for():
    outputs = [http.InferRequestedOutput("copy", binary_data=False), http.InferRequestedOutput("sum")]
    answer = client.infer("add", add_inputs([1, 2], [10, 20]), outputs=outputs, request_id="seven")
    response = answer.get_response()
    names = [output["name"] for output in response["outputs"]]
    return [response["id"], names, answer.as_numpy("copy").tolist(), answer.as_numpy("sum").tolist()]


@case
def all_outputs_where_none_is_asked_for():
    answer = client.infer("add", add_inputs([1, 2], [10, 20]))
    return [sorted(output["name"] for output in answer.get_response()["outputs"]), answer.as_numpy("sum").tolist()]


@case
def inputs_of_both_kinds_in_one_request():
    a, _ = add_inputs([1, 2], [0, 0], binary=True)
    _, b = add_inputs([0, 0], [3, 4], binary=False)
    return client.infer("add", [a, b]).as_numpy("sum").tolist()


@case
def bits_of_special_floats():
    array = np.array([[np.nan, np.inf, -np.inf, -0.0]], dtype=np.float32)
    return shown(echo("FP32", array).as_numpy("y"))


@case
def bytes_that_are_no_text():
    array = np.array([[b"\xff\xfe", b"a", b"b", b"c"]], dtype=np.object_)
    return refused(echo, "BYTES", array)


@case
def many_long_texts():
    array = np.array([[f"{i} ✓" * 20_000 for i in range(4)]], dtype=np.object_)
    return same(echo("BYTES", array).as_numpy("y"), array)


def register_compression(request, response, binary):
    def function():
        array = np.arange(40_000, dtype=np.float32).reshape(10_000, 4)
        options = {"request_compression_algorithm": request, "response_compression_algorithm": response}
        return same(echo("FP32", array, binary, binary, **options).as_numpy("y"), array)

    CASES[f"compression: {request} in, {response} out, {'binary' if binary else 'json'}"] = function


for algorithm in ("gzip", "deflate"):
    for binary in (True, False):
        register_compression(algorithm, None, binary)
        register_compression(None, algorithm, binary)
        register_compression(algorithm, algorithm, binary)


@case
def async_infer_gives_each_its_own_rows():
    calls = [client.async_infer("add", add_inputs([i, i], [1000, 2000])) for i in range(64)]
    return [call.get_result().as_numpy("sum").tolist() for call in calls] == [[[i + 1000, i + 2000]] for i in range(64)]


@case
def async_infer_gives_the_error():
    return refused(client.async_infer("nothing", add_inputs([1, 1], [1, 1])).get_result)


@case
async def aio_gives_each_its_own_rows():
    async with aio.InferenceServerClient(HTTP) as own:

        async def one(i):
            answer = await own.infer("add", add_inputs([i, i], [1000, 2000], module=aio))
            return answer.as_numpy("sum").tolist()

        return await asyncio.gather(*(one(i) for i in range(64))) == [[[i + 1000, i + 2000]] for i in range(64)]


@case
async def aio_administration():
    async with aio.InferenceServerClient(HTTP) as own:
        metadata = await own.get_model_metadata("add")
        config = await own.get_model_config("add")
        index = await own.get_model_repository_index()
        (statistics,) = (await own.get_inference_statistics("add"))["model_stats"]
        ready = [await own.is_server_live(), await own.is_server_ready(), await own.is_model_ready("add")]
        return [metadata["name"], config["name"], len(index) > 0, statistics["name"], *ready]


@case
async def aio_gives_the_error():
    async with aio.InferenceServerClient(HTTP) as own:
        try:
            await own.infer("nothing", add_inputs([1, 1], [1, 1], module=aio))
        except InferenceServerException as error:
            return refusal(error)


@case
def request_parameters():
    inputs = [tensor("x", VALUES["FP32"], "FP32")]
    answer = client.infer("echo-fp32", inputs, priority=1, timeout=10_000_000, parameters={"team": "red", "level": 3})
    return shown(answer.as_numpy("y"))


@case
def classification():
    outputs = [http.InferRequestedOutput("y", class_count=2)]
    return refused(client.infer, "echo-fp32", [tensor("x", VALUES["FP32"], "FP32")], outputs=outputs)


@case
def shared_memory():
    x = http.InferInput("x", [1, 4], "FP32")
    x.set_shared_memory("region", 16)
    return [refused(client.register_system_shared_memory, "region", "/region", 16), refused(client.infer, "echo-fp32", [x])]


@case
def unknown_model():
    return refused(client.infer, "nothing", add_inputs([1, 1], [1, 1]))


@case
def unknown_version():
    return refused(client.infer, "add", add_inputs([1, 1], [1, 1]), model_version="7")


@case
def missing_input():
    return refused(client.infer, "add", add_inputs([1, 1], [1, 1])[:1])


@case
def wrong_datatype():
    return refused(client.infer, "echo-fp32", [tensor("x", VALUES["FP64"], "FP64")])


@case
def wrong_shape():
    return refused(client.infer, "echo-fp32", [tensor("x", np.zeros((1, 5), dtype=np.float32), "FP32")])


@case
def unknown_output():
    return refused(client.infer, "echo-fp32", [tensor("x", VALUES["FP32"], "FP32")], outputs=[http.InferRequestedOutput("z")])


@case
def metadata_of_an_unknown_model():
    return refused(client.get_model_metadata, "nothing")


@case
def load_where_models_are_loaded_at_the_start():
    return refused(client.load_model, "add")


run()
