"""Loaded by schemathesis (SCHEMATHESIS_HOOKS): gives it ids that exist, which it could not guess."""

import json
import os

import schemathesis

KNOWN = json.loads(os.environ["KNOWN_IDS"])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Every second made-up id of a thing that we have becomes one of ours."""
    if not path_parameters or context.operation is None:
        return path_parameters
    ids = KNOWN.get(context.operation.path.split("/")[3], [])
    name, value = next(iter(path_parameters.items()))
    chosen = sum(str(value).encode())
    if ids and chosen % 2:
        return {**path_parameters, name: ids[chosen // 2 % len(ids)]}
    return path_parameters
