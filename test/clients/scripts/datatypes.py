"""Four values of every datatype, those at the edges among them, and a form of tensors in which nothing can be rounded."""

import numpy as np

VALUES = {
    "BOOL": np.array([[True, False, False, True]], dtype=np.bool_),
    "UINT8": np.array([[0, 1, 128, 255]], dtype=np.uint8),
    "UINT16": np.array([[0, 1, 32768, 65535]], dtype=np.uint16),
    "UINT32": np.array([[0, 1, 2**31, 2**32 - 1]], dtype=np.uint32),
    "UINT64": np.array([[0, 1, 2**53 + 1, 2**64 - 1]], dtype=np.uint64),
    "INT8": np.array([[-128, -1, 0, 127]], dtype=np.int8),
    "INT16": np.array([[-32768, -1, 0, 32767]], dtype=np.int16),
    "INT32": np.array([[-(2**31), -1, 0, 2**31 - 1]], dtype=np.int32),
    "INT64": np.array([[-(2**63), -1, 2**53 + 1, 2**63 - 1]], dtype=np.int64),
    "FP16": np.array([[-65504, 0.1, 2**-24, 1]], dtype=np.float16),
    "FP32": np.array([[-3.4028234663852886e38, 0.1, 1e-45, 1]], dtype=np.float32),
    "FP64": np.array([[-1.7976931348623157e308, 0.1, 5e-324, 1]], dtype=np.float64),
    "BYTES": np.array([["", "a", "żółć ✓ 日本 🚢", "x" * 300]], dtype=np.object_),
}


def shown(tensor):
    """Type, shape and content: bytes as hex, or texts."""
    if tensor.dtype == np.object_:
        texts = [item.decode() if isinstance(item, bytes) else item for item in tensor.ravel()]
        return {"dtype": "object", "shape": list(tensor.shape), "content": texts}
    return {"dtype": str(tensor.dtype), "shape": list(tensor.shape), "content": tensor.tobytes().hex()}


def same(one, other):
    """Whether two tensors agree in type, shape and every bit."""
    return shown(one) == shown(other)
