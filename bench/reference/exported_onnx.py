"""Answers of onnxruntime to an exported model: logits of the formula image, every n-th value, as JSON.

    python3 bench/reference/exported_onnx.py model.onnx '[1, 2, 8, 8, 8]' 97
"""
import json
import sys

import numpy as np
import onnxruntime

path, shape, every = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
index = np.arange(np.prod(shape), dtype=np.float64)
image = (np.sin(0.37 * index) + np.cos(0.011 * index)).astype("f4").reshape(shape)
session = onnxruntime.InferenceSession(path)
logits, probabilities = session.run(["logits", "probabilities"], {"image": image})
print(json.dumps({
    "metadata": session.get_modelmeta().custom_metadata_map,
    "inputs": [[value.name, value.shape] for value in session.get_inputs()],
    "logits": [float(f"{value:.7g}") for value in logits.ravel()[::every]],
    "probabilities": [float(f"{value:.7g}") for value in probabilities.ravel()[::every]],
}))
