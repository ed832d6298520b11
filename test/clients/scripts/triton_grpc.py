"""tritonclient.grpc and tritonclient.grpc.aio as NVIDIA ships them."""

import asyncio
import queue

import numpy as np
import tritonclient.grpc as grpc
import tritonclient.grpc.aio as aio
from tritonclient.utils import InferenceServerException

from cases import CASES, GRPC, case, refusal, run
from datatypes import VALUES, same, shown

client = grpc.InferenceServerClient(GRPC)


def tensor(name, array, datatype):
    made = grpc.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array)
    return made


def add_inputs(a, b):
    return [tensor(name, np.array([row], dtype=np.int64), "INT64") for name, row in (("a", a), ("b", b))]


def refused(function, *args, **options):
    try:
        answer = function(*args, **options)
    except InferenceServerException as error:
        return refusal(error)
    raise AssertionError(f"no exception, but {answer}")


def register_echo(datatype):
    def function():
        answer = client.infer(f"echo-{datatype.lower()}", [tensor("x", VALUES[datatype], datatype)])
        return shown(answer.as_numpy("y"))

    CASES[datatype] = function


for datatype in VALUES:
    register_echo(datatype)


@case
def health():
    return [
        client.is_server_live(),
        client.is_server_ready(),
        client.is_model_ready("add"),
        client.is_model_ready("add", "1"),
    ]


@case
def readiness_of_an_unknown_model():
    try:
        return client.is_model_ready("nothing")
    except InferenceServerException as error:
        return refusal(error)


@case
def server_metadata():
    return client.get_server_metadata(as_json=True)


@case
def model_metadata():
    return client.get_model_metadata("add", "1", as_json=True)


@case
def model_config():
    return client.get_model_config("echo-fp16", as_json=True)["config"]


@case
def repository_index():
    return client.get_model_repository_index(as_json=True)["models"]


@case
def statistics_count_an_inference():
    def counts():
        (statistics,) = client.get_inference_statistics("add", "1").model_stats
        return statistics.inference_count, statistics.inference_stats.success.count

    before = counts()
    client.infer("add", add_inputs([1, 2], [3, 4]))
    return [after - count for after, count in zip(counts(), before)]


@case
def outputs_in_the_order_asked_for():
    outputs = [grpc.InferRequestedOutput("copy"), grpc.InferRequestedOutput("sum")]
    answer = client.infer("add", add_inputs([1, 2], [10, 20]), outputs=outputs, request_id="seven")
    response = answer.get_response()
    names = [output.name for output in response.outputs]
    return [response.id, names, answer.as_numpy("copy").tolist(), answer.as_numpy("sum").tolist()]


@case
def bits_of_special_floats():
    array = np.array([[np.nan, np.inf, -np.inf, -0.0]], dtype=np.float32)
    return shown(client.infer("echo-fp32", [tensor("x", array, "FP32")]).as_numpy("y"))


def register_compression(algorithm):
    def function():
        array = np.arange(40_000, dtype=np.float32).reshape(10_000, 4)
        answer = client.infer("echo-fp32", [tensor("x", array, "FP32")], compression_algorithm=algorithm)
        return same(answer.as_numpy("y"), array)

    CASES[f"compression: {algorithm}"] = function


register_compression("gzip")
register_compression("deflate")


@case
def async_infer_gives_each_its_own_rows():
    answers = queue.Queue()
    for i in range(64):
        client.async_infer(
            "add",
            add_inputs([i, i], [1000, 2000]),
            callback=lambda result, error, i=i: answers.put((i, str(error) if error else result.as_numpy("sum").tolist())),
        )
    return sorted(answers.get(timeout=10) for _ in range(64)) == [(i, [[i + 1000, i + 2000]]) for i in range(64)]


@case
def async_infer_gives_the_error():
    answers = queue.Queue()
    client.async_infer("nothing", add_inputs([1, 1], [1, 1]), callback=lambda result, error: answers.put(error))
    return refusal(answers.get(timeout=10))


def stream(requests):
    """Sends requests over one stream; gives the answers in the order in which they come."""
    answers = queue.Queue()
    own = grpc.InferenceServerClient(GRPC)
    own.start_stream(callback=lambda result, error: answers.put((result, error)))
    try:
        for model, inputs, request_id in requests:
            own.async_stream_infer(model, inputs, request_id=request_id)
        return [answers.get(timeout=10) for _ in requests]
    finally:
        own.stop_stream()
        own.close()


@case
def stream_gives_each_its_own_rows():
    answers = stream([("add", add_inputs([i, i], [1000, 2000]), str(i)) for i in range(64)])
    rows = [(int(result.get_response().id), result.as_numpy("sum").tolist()) for result, _ in answers]
    return sorted(rows) == [(i, [[i + 1000, i + 2000]]) for i in range(64)]


@case
def stream_survives_an_error():
    answers = stream(
        [
            ("nothing", add_inputs([1, 1], [1, 1]), "bad"),
            ("add", add_inputs([1, 1], [1, 1]), "good"),
        ]
    )
    errors = [refusal(error) for _, error in answers if error is not None]
    return [errors, [result.as_numpy("sum").tolist() for result, error in answers if error is None]]


@case
async def aio_gives_each_its_own_rows():
    async with aio.InferenceServerClient(GRPC) as own:

        async def one(i):
            return (await own.infer("add", add_inputs([i, i], [1000, 2000]))).as_numpy("sum").tolist()

        return await asyncio.gather(*(one(i) for i in range(64))) == [[[i + 1000, i + 2000]] for i in range(64)]


@case
async def aio_stream():
    async with aio.InferenceServerClient(GRPC) as own:

        async def requests():
            for i in range(8):
                yield {"model_name": "add", "inputs": add_inputs([i, i], [1, 2]), "request_id": str(i)}

        rows = []
        async for result, error in own.stream_infer(requests()):
            rows.append(str(error) if error else result.as_numpy("sum").tolist())
            if len(rows) == 8:
                break
        return sorted(rows) == [[[i + 1, i + 2]] for i in range(8)]


@case
async def aio_administration():
    async with aio.InferenceServerClient(GRPC) as own:
        metadata = await own.get_model_metadata("add")
        config = await own.get_model_config("add")
        index = await own.get_model_repository_index()
        statistics = await own.get_inference_statistics("add")
        ready = [await own.is_server_live(), await own.is_server_ready(), await own.is_model_ready("add")]
        return [metadata.name, config.config.name, len(index.models) > 0, statistics.model_stats[0].name, *ready]


@case
def deadline_that_has_passed():
    square = np.zeros((1000, 1000), dtype=np.float32)
    return refused(client.infer, "slow", [tensor("x", square, "FP32")], client_timeout=0.05)["status"]


@case
def request_parameters():
    inputs = [tensor("x", VALUES["FP32"], "FP32")]
    answer = client.infer("echo-fp32", inputs, priority=1, timeout=10_000_000, parameters={"team": "red", "level": 3})
    return shown(answer.as_numpy("y"))


@case
def classification():
    outputs = [grpc.InferRequestedOutput("y", class_count=2)]
    return refused(client.infer, "echo-fp32", [tensor("x", VALUES["FP32"], "FP32")], outputs=outputs)


@case
def shared_memory():
    x = grpc.InferInput("x", [1, 4], "FP32")
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
    inputs = [tensor("x", VALUES["FP32"], "FP32")]
    return refused(client.infer, "echo-fp32", inputs, outputs=[grpc.InferRequestedOutput("z")])


@case
def load_where_models_are_loaded_at_the_start():
    return refused(client.load_model, "add")


run()
