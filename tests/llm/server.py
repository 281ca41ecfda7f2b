"""Serves a GGUF file with llama.cpp's own HTTP server, until it is stopped.

Arguments: the file, or the name of an installed package that holds one; the model's name, a port, the
context in tokens. The address on standard output says that it answers.
"""

import glob
import importlib.util
import os
import signal
import sys

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # or it crawls on busy cores
import xllamacpp

source, name, port, context = sys.argv[1:]
if not source.endswith(".gguf"):
    folder = os.path.dirname(importlib.util.find_spec(source).origin)
    [source] = glob.glob(f"{folder}/*.gguf")

parameters = xllamacpp.CommonParams()
parameters.model.path = source
parameters.model_alias = {name}
parameters.hostnames = ["127.0.0.1"]
parameters.port = int(port)
parameters.n_ctx = int(context)
parameters.n_parallel = 1
parameters.cpuparams.n_threads = os.cpu_count() or 1
parameters.ui = False
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
signal.sigwait({signal.SIGTERM, signal.SIGINT})
os._exit(0)
