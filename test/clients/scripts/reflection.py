"""What grpcurl does: learns the services from the server itself, then calls them without knowing a .proto file."""

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from cases import GRPC, case, run

channel = grpc.insecure_channel(GRPC)
database = ProtoReflectionDescriptorDatabase(channel)
pool = DescriptorPool(database)


def call(service, method, request):
    described = pool.FindServiceByName(service).FindMethodByName(method)
    stub = channel.unary_unary(
        f"/{service}/{method}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(described.output_type).FromString,
    )
    answer = stub(ParseDict(request, GetMessageClass(described.input_type)()), timeout=10)
    return MessageToDict(answer, preserving_proto_field_name=True)


@case
def services():
    return sorted(database.get_services())


@case
def methods():
    return sorted(pool.FindServiceByName("inference.GRPCInferenceService").methods_by_name)


@case
def health():
    return call("grpc.health.v1.Health", "Check", {})


@case
def infer():
    tensor = {"name": "x", "datatype": "INT64", "shape": [1, 4], "contents": {"int64_contents": [1, 2, 3, 2**62]}}
    answer = call("inference.GRPCInferenceService", "ModelInfer", {"model_name": "echo-int64", "inputs": [tensor]})
    return [answer["model_name"], answer["outputs"][0]["shape"], answer["raw_output_contents"]]


run()
