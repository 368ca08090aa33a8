"""A running Sagsgang for tests: start, kill, sign in, call. Only the standard library."""
import http.cookiejar, json, os, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.path.join(ROOT, "build", "release", "sagsgang")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Session:
    """One signed-in person."""

    def __init__(self, base, user, password=None):
        self.base = base
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        status, self.who = self.call("POST", "/api/session", {"user": user, "password": password or user})
        if status != 200:
            raise RuntimeError(f"sign-in of {user} answered {status}: {self.who}")

    def call(self, method, path, body=None, headers=None):
        """(status, JSON or text). Never raises on an HTTP status."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Origin", self.base)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, self._read(answer)
        except urllib.error.HTTPError as error:
            return error.code, self._read(error)

    @staticmethod
    def _read(answer):
        text = answer.read().decode("utf-8", "replace")
        return json.loads(text) if "json" in (answer.headers.get("Content-Type") or "") and text else text


class House:
    def __init__(self, data=None, port=None, extra=(), log=None, mode=("--local",)):
        self.mode = list(mode)
        self.data = data or tempfile.mkdtemp(prefix="sagsgang-test-")
        self.own = data is None
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.extra = list(extra)
        self.process = None
        self.log = log or os.path.join(self.data, "..", os.path.basename(self.data) + ".server.log")

    def start_unready(self, seconds):
        """Starts and gives it some time, ready or not."""
        self._spawn()
        time.sleep(seconds)

    def _spawn(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                [BINARY, "serve", *self.mode, "--bank", "bank", "--web", "web/dist", "--data", self.data, "--port", str(self.port)] + self.extra,
                cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def start(self, wait=120):
        self._spawn()
        end = time.monotonic() + wait
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}; its last words:\n{self.tail()}")
            try:
                with urllib.request.urlopen(self.base + "/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server was not ready; its last words:\n{self.tail()}")

    def tail(self, lines=30):
        with open(self.log, encoding="utf-8", errors="replace") as text:
            return "".join(text.readlines()[-lines:])

    def kill(self):
        """SIGKILL: no goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
                raise RuntimeError("the server did not stop on SIGTERM") from None
            return self.process.returncode
        return None

    def remove(self):
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.data + ".sample", ignore_errors=True)  # the world outside: invoices, orders, oracle
        if os.path.exists(self.log):
            os.remove(self.log)

    def session(self, user):
        return Session(self.base, user)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            if self.own:
                self.remove()


class Tally:
    """Counts expectations; a failing one says what and how to run it again."""

    def __init__(self, again):
        self.passed = self.failed = self.skipped = 0
        self.again = again

    def expect(self, good, what, detail=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"not ok: {what}\n  {detail}\n  again: {self.again}", flush=True)
        return bool(good)

    def skip(self, why, how):
        self.skipped += 1
        print(f"SKIPPED: {why} ({how})", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else ""))
        sys.exit(1 if self.failed or not self.passed else 0)


def run(*arguments, timeout=900):
    """The command line: (exit code, stdout, stderr)."""
    done = subprocess.run([BINARY, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr
