"""Executes a notebook in a fresh kernel and loses no output.

    python3 execute.py NOTEBOOK OUT SECONDS

A Jupyter client of our own rather than nbclient: the Deno kernel calls itself idle before its last
outputs leave, so after idle this one goes on reading for a moment, and puts every message under the
cell that it answers. Writes the executed notebook to OUT; stops at the first cell that fails or
takes longer than SECONDS. What it shows on standard error is for people, one line a failure.
"""

import queue
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import start_new_kernel

LINGER = 0.15  # seconds to go on reading after idle


class Outputs:
    """The outputs of all cells, as messages make them."""

    def __init__(self):
        self.shown = {}  # display_id -> every output that shows it, in whichever cell

    def add(self, cell, message):
        """Applies one message to the outputs of the cell that it answers."""
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            cell["clear"] = True
            if not content.get("wait"):
                self.clear(cell)
        elif kind == "update_display_data":
            for output in self.shown.get(content["transient"]["display_id"], []):
                output["data"] = content["data"]
                output["metadata"] = content["metadata"]
        elif kind in ("stream", "display_data", "execute_result", "error"):
            self.clear(cell)
            output = nbformat.v4.output_from_msg(message)
            cell["outputs"].append(output)
            name = content.get("transient", {}).get("display_id")
            if name:
                self.shown.setdefault(name, []).append(output)

    def clear(self, cell):
        if cell.pop("clear", False):
            cell["outputs"].clear()


def run_cell(client, cell, cells, outputs, seconds):
    """Runs one cell until the kernel is idle and quiet; True when nothing failed."""
    request = client.execute(cell["source"])
    cells[request] = cell
    deadline = time.monotonic() + seconds
    idle_at = None
    while True:
        now = time.monotonic()
        if idle_at is not None and now > idle_at + LINGER:
            return not any(output["output_type"] == "error" for output in cell["outputs"])
        if now > deadline:
            raise TimeoutError(f"took longer than {seconds:g} s")
        try:
            message = client.get_iopub_msg(timeout=0.05)
        except queue.Empty:
            if idle_at is None and not client.is_alive():
                raise ChildProcessError("the kernel died")
            continue
        parent = message["parent_header"].get("msg_id")
        if message["msg_type"] == "status":
            if parent == request and message["content"]["execution_state"] == "idle":
                idle_at = time.monotonic()
        elif parent in cells:
            if message["msg_type"] == "execute_input" and parent == request:
                cell["execution_count"] = message["content"]["execution_count"]
            outputs.add(cells[parent], message)
            if idle_at is not None:
                idle_at = time.monotonic()


def execute(notebook, seconds, folder):
    """Runs the code cells in order; returns what went wrong, or None."""
    outputs, cells = Outputs(), {}
    manager, client = start_new_kernel(kernel_name="deno", cwd=str(folder), startup_timeout=120)
    try:
        for index, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] != "code":
                continue
            cell["outputs"], cell["execution_count"] = [], None
            try:
                if not run_cell(client, cell, cells, outputs, seconds):
                    return f"cell {index}: " + error_of(cell)
            except (TimeoutError, ChildProcessError) as error:
                return f"cell {index}: {error}"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return None


def error_of(cell):
    error = next(o for o in cell["outputs"] if o["output_type"] == "error")
    trace = " ".join(error["traceback"])
    return f"{error['ename']}: {error['evalue']}\n{trace}"


def main():
    path, out, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    notebook = nbformat.read(path, as_version=4)
    failure = execute(notebook, seconds, path.parent.resolve())
    nbformat.write(notebook, out)
    if failure:
        print(failure, file=sys.stderr)
        sys.exit(1)


main()
