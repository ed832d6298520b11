"""One more service on a serving platform that another stack has made."""

import pulumi
import pulumi_slipway as slipway

config = pulumi.Config()
platform = pulumi.StackReference(config.require("platform")).require_output("platform")
gateway = platform["gateway"]

service = slipway.InferenceService(
    "moderation",
    namespace=gateway["namespace"],
    image=platform["runtimeImage"],
    models=[slipway.ModelVersionArgs(**model) for model in config.require_object("models")],
    gateway=slipway.GatewayArgs(
        gateway_name=gateway["gatewayName"],
        host=gateway["host"],
        token_issuer=gateway["tokens"]["issuer"],
        token_audience=gateway["tokens"]["audience"],
        token_jwks=gateway["tokens"]["jwks"],
    ),
    replicas=2,
    max_replicas=4,
    requests_per_second=100,
)

pulumi.export("host", service.host)
pulumi.export("hostName", service.host_name)
