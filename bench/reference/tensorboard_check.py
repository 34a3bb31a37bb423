"""Reads a tfevents file as TensorBoard does and prints every curve: tag, steps, values.

    python tensorboard_check.py FOLDER
"""

import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

accumulator = EventAccumulator(sys.argv[1])
accumulator.Reload()
for tag in accumulator.Tags()["scalars"]:
    points = accumulator.Scalars(tag)
    print(tag, [point.step for point in points], [round(point.value, 6) for point in points])
