"""Serves a Python function to a Fanfold worker: the child protocol on standard input and output.

    python3 -u fanfold_child.py FILE.py FUNCTION             computes chunks until its input ends
    python3 -u fanfold_child.py --describe FILE.py FUNCTION  says what the function takes, as JSON

The syntax is that of old Pythons on purpose, so that even those can say that they are too old.
"""
import importlib.util
import inspect
import io
import json
import math
import os
import queue
import re
import signal
import struct
import sys
import threading
import time
import traceback
import typing

OLDEST = (3, 9)
LONGEST_MESSAGE = 4000
LONGEST_TRACE = 8000
SECONDS_TO_END = 5


class Refused(Exception):
    """A problem of one line, to be shown as it is."""


# ---- the streams

def own_streams():
    """The protocol's streams as private descriptors; what is printed, from C as well, goes to standard error."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    fds = (requests.fileno(), answers.fileno())

    def leave_to_parent():
        for fd in fds:
            os.close(fd)

    os.register_at_fork(after_in_child=leave_to_parent)
    return requests, answers


def lead_a_group():
    """Leaves the terminal, whose interrupt is for the worker, and can end with all that it started."""
    try:
        os.setsid()
        return True
    except OSError:
        return False


def outlive_requests_to_stop():
    """Leaves it to the worker what becomes of a request to stop that is sent to all processes of a service."""
    signal.signal(signal.SIGTERM, lambda *_: None)
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def read_frame(stream):
    length = struct.unpack("<I", read_exactly(stream, 4))[0]
    head = json.loads(read_exactly(stream, length).decode("utf-8"))
    length = struct.unpack("<Q", read_exactly(stream, 8))[0]
    return head, read_exactly(stream, length)


def write_frame(stream, head, body=b""):
    text = json.dumps(head).encode("utf-8")
    stream.write(struct.pack("<I", len(text)) + text + struct.pack("<Q", len(body)))
    stream.write(body)
    stream.flush()


# ---- the function

def load_module(path):
    """Imports the file under its own name, with its neighbours in reach."""
    sys.path[0] = os.path.dirname(path)
    sys.argv = [path]
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules:
        name = "fanfold_" + name
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise Refused("%s is no Python file: its name must end in .py" % path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find_function(module, path, name):
    found = module
    for part in name.split("."):
        found = getattr(found, part, None)
        if found is None:
            there = sorted(
                n for n, f in vars(module).items()
                if inspect.isroutine(f) and not n.startswith("_")
                and getattr(f, "__module__", None) == module.__name__ and n != "initializer")
            raise Refused("%s has no function %s; it has %s" % (
                os.path.basename(path), name, ", ".join(there) if there else "none"))
    if not callable(found):
        raise Refused("%s in %s is a %s, not a function" % (name, os.path.basename(path), type(found).__name__))
    return found


def parameters_of(function, what):
    """What the function takes beside the chunk, as inspect.Parameter; nothing where Python cannot say."""
    try:
        signature = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    first = signature[0] if signature else None
    if first is None or first.kind in (first.KEYWORD_ONLY, first.VAR_KEYWORD):
        raise Refused("%s takes no chunk: its first parameter must be the array" % what)
    taken = []
    for p in signature:
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            stars = "*" if p.kind == p.VAR_POSITIONAL else "**"
            raise Refused("%s takes %s%s, so its parameters cannot be known: name each of them, or wrap it:"
                          " def g(x): return %s(x)" % (what, stars, p.name, what.split(":")[-1]))
        if p is first:
            continue
        if p.kind == p.POSITIONAL_ONLY:
            if p.default is p.empty:
                raise Refused("%s takes %s by position only: parameters are given by name" % (what, p.name))
            continue
        taken.append(p)
    return taken


def annotations_of(function):
    try:
        return typing.get_type_hints(function)
    except Exception:
        return {}


def unwrapped(annotation):
    """The type within Optional[type], and whether it was in one."""
    parts = [a for a in typing.get_args(annotation) if a is not type(None)]
    if len(parts) == 1 and len(typing.get_args(annotation)) == 2:
        return parts[0], True
    return annotation, False


TYPES = {int: "integer", float: "number", str: "string", bool: "boolean"}


def described_parameter(p, hints, what):
    kind, optional = unwrapped(hints.get(p.name))
    described = {"name": p.name, "about": "of " + what}
    if isinstance(kind, type) and kind in TYPES:
        described["type"] = TYPES[kind]
    elif type(p.default) in TYPES:
        # an int as default does not say that a float is wrong
        described["type"] = "number" if type(p.default) is int else TYPES[type(p.default)]
    if p.default is not p.empty:
        optional = True
        if carried(p.default):
            described["default"] = p.default
    described["optional"] = optional
    return described


def carried(value):
    """Whether JSON carries it exactly; other defaults stay with the function."""
    if type(value) is int:
        return -2 ** 63 <= value < 2 ** 63
    if type(value) is float:
        return math.isfinite(value)
    return type(value) in (str, bool)


def one_line(text):
    return " ".join(str(text).split())


def describe(path, name):
    what = "%s:%s" % (os.path.basename(path), name)
    try:
        import numpy  # noqa: F401
    except ImportError as e:
        raise Refused("%s has no NumPy (%s): install it with %s -m pip install numpy, or name another Python with"
                      " --python-executable" % (sys.executable, one_line(e), sys.executable))
    try:
        module = load_module(path)
    except Refused:
        raise
    except BaseException as e:
        raise Refused("%s cannot be imported: %s" % (os.path.basename(path), where_and_what(e, path)))
    function = find_function(module, path, name)
    hints = annotations_of(function)
    version = getattr(module, "__version__", None)
    doc = inspect.getdoc(function) if inspect.isroutine(function) else None
    return {
        "name": "%s:%s" % (os.path.splitext(os.path.basename(path))[0], name),
        "about": one_line((doc or "").strip().split("\n")[0])[:200] or "python " + what,
        "version": version if isinstance(version, str) and re.fullmatch("[A-Za-z0-9._-]{1,32}", version) else "1",
        "python": sys.executable,
        "parameters": [described_parameter(p, hints, what) for p in parameters_of(function, what)],
    }


def where_and_what(error, path):
    """An error of an import with the line of the file where it came up."""
    line = None
    if isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == path:
            line = frame.lineno
    if isinstance(error, SystemExit):
        what = "it calls sys.exit(%s); put that under if __name__ == \"__main__\"" % (error.code,)
    else:
        what = "%s: %s" % (type_name(error), one_line(message_of(error)))
    return what if line is None else "%s (line %d)" % (what, line)


# ---- errors

def type_name(error):
    kind = type(error)
    return kind.__qualname__ if kind.__module__ in ("builtins", __name__) else "%s.%s" % (kind.__module__, kind.__qualname__)


def message_of(error):
    try:
        return str(error)[:LONGEST_MESSAGE]
    except Exception as e:
        return "its message cannot be shown: %s" % type(e).__name__


def trace_of(error):
    """Where it happened, without the frames of this file; the end of it where it is long."""
    trace = error.__traceback__
    while trace is not None and (trace.tb_frame.f_code.co_filename == __file__
                                 or trace.tb_frame.f_code.co_filename.startswith("<frozen importlib")):
        trace = trace.tb_next
    text = "".join(traceback.format_exception(type(error), error, trace))
    return text if len(text) <= LONGEST_TRACE else "...\n" + text[-LONGEST_TRACE:]


def lasting(error):
    """Whether the same chunk would fail the same way again."""
    said = getattr(error, "fanfold_lasting", None)
    return bool(said) if said is not None else isinstance(error, (TypeError, ValueError))


# ---- serving

class Child:
    def __init__(self, path, name):
        self.requests, self.answers = own_streams()
        self.group = lead_a_group()
        outlive_requests_to_stop()
        self.path = path
        self.name = name
        self.waiting = queue.Queue()
        self.read_so_far = 0
        self.served_so_far = 0

    def run(self):
        try:
            self.load()
        except BaseException as e:
            write_frame(self.answers, {
                "fanfold": 1, "ready": False, "error": type_name(e), "message": message_of(e), "trace": trace_of(e)})
            self.end(1)
        threading.Thread(target=self.read, name="fanfold-requests", daemon=True).start()
        write_frame(self.answers, {"fanfold": 1, "ready": True})
        while True:
            request = self.waiting.get()
            if request is None:
                sys.exit(0)
            self.serve(*request)
            self.served_so_far += 1

    def load(self):
        import numpy
        self.numpy = numpy
        self.load_options = {"allow_pickle": False}
        if "max_header_size" in inspect.signature(numpy.lib.format.read_array).parameters:
            self.load_options["max_header_size"] = 1 << 20
        module = load_module(self.path)
        self.function = find_function(module, self.path, self.name)
        hints = annotations_of(self.function)
        self.floats = {n for n, kind in hints.items() if unwrapped(kind)[0] is float}
        if callable(getattr(module, "initializer", None)):
            module.initializer()

    def read(self):
        """Reads requests while the function computes, so that the end of the worker is seen at once."""
        try:
            while True:
                request = read_frame(self.requests)
                self.read_so_far += 1
                self.waiting.put(request)
        except BaseException as e:
            if not isinstance(e, EOFError):
                traceback.print_exc()
        if self.read_so_far > self.served_so_far:
            self.end(0)
        self.waiting.put(None)
        time.sleep(SECONDS_TO_END)
        self.end(0)

    def end(self, code):
        """Ends at once, and with it what it has started."""
        if self.group:
            os.killpg(0, signal.SIGKILL)
        os._exit(code)

    def serve(self, head, body):
        try:
            chunk = self.numpy.lib.format.read_array(io.BytesIO(body), **self.load_options)
            parameters = {n: float(v) if n in self.floats and type(v) is int else v
                          for n, v in head.get("parameters", {}).items()}
            before = time.process_time_ns()  # of all threads: linear algebra has some of its own
            answer = self.function(chunk, **parameters)
            spent = time.process_time_ns() - before
            encoded = self.encode(answer)
        except (SystemExit, KeyboardInterrupt) as e:
            self.leave(e)
        except BaseException as e:
            write_frame(self.answers, {
                "id": head["id"], "ok": False, "error": type_name(e), "message": message_of(e), "trace": trace_of(e),
                "lasting": lasting(e)})
        else:
            write_frame(self.answers, {"id": head["id"], "ok": True, "cpuNs": spent}, encoded)

    def leave(self, error):
        """The function ends its process: that is a crash of its chunk, and the last line says where it came from."""
        sys.stdout.flush()
        if isinstance(error, KeyboardInterrupt):
            code, what = 130, "KeyboardInterrupt"
        else:
            code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
            what = "sys.exit(%s)" % ("" if error.code is None else repr(error.code))
        frames = traceback.extract_tb(error.__traceback__)
        print("%s in %s, line %d" % (what, os.path.basename(frames[-1].filename), frames[-1].lineno), file=sys.stderr)
        sys.stderr.flush()
        os._exit(code & 0xFF)

    def encode(self, answer):
        self.check(answer)
        value = io.BytesIO()
        self.numpy.lib.format.write_array(value, answer, allow_pickle=False)
        return value.getbuffer()

    def check(self, answer):
        np = self.numpy
        if answer is None:
            raise TypeError("%s returned None, not an ndarray: does it end without return?" % self.name)
        if isinstance(answer, np.generic) or isinstance(answer, np.ndarray) and answer.ndim == 0:
            raise TypeError("%s returned a single %s, not an ndarray with rows: keep the axis, as x.sum(keepdims=True)"
                            " and np.atleast_1d(...) do" % (self.name, answer.dtype))
        if not isinstance(answer, np.ndarray):
            raise TypeError("%s returned %s, not an ndarray: return np.asarray(...)"
                            % (self.name, type(answer).__name__))
        if isinstance(answer, np.ma.MaskedArray):
            raise TypeError("%s returned a masked array, whose mask would be lost: return answer.filled(...)"
                            % self.name)
        if answer.dtype.hasobject:
            raise TypeError("%s returned an ndarray of dtype %s: objects cannot be sent; return numbers or texts"
                            " of a fixed width, as answer.astype(float) or answer.astype(str)"
                            % (self.name, answer.dtype))


def main(arguments):
    if sys.version_info < OLDEST:
        raise Refused("%s is Python %d.%d: Python %d.%d or later is needed; --python-executable names it"
                      % ((sys.executable,) + tuple(sys.version_info[:2]) + OLDEST))
    if arguments[0] == "--describe":
        return describe(*arguments[1:])
    Child(*arguments).run()


if __name__ == "__main__":
    if sys.argv[1] == "--describe":
        printed = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        try:
            text = main(sys.argv[1:])
        except Refused as refused:
            text = {"problem": str(refused)}
        printed.write(json.dumps(text))
        printed.flush()
        os._exit(0)
    main(sys.argv[1:])
