"""``evaluate intent``: figures by hand, the local reader for real, and Rasa as far as it goes without Rasa."""

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.intent import figures_of
from kernel.errors import Invalid, Unavailable
from kernel.settings import Settings

NLU = """
version: "3.1"
nlu:
- intent: ask_way
  examples: |
    - 怎么办理居住证
    - 居住证在哪里办
    - 办居住证要什么材料
- intent: noise
  examples: |
    - 楼下太吵了
    - 半夜施工吵死了
    - 邻居装修声音很大
"""
TEST = "text,intent\n居住证怎么办,ask_way\n晚上太吵了,noise\n"
# Rasa's command line and server, as far as the evaluation uses them; it takes everything for noise.
FAKE = f"""#!{sys.executable}
import http.server, json, sys
if "run" not in sys.argv:
    sys.exit(0 if "ask_way" in open("data/nlu.yml", encoding="utf-8").read() else 3)
class Rasa(http.server.BaseHTTPRequestHandler):
    def tell(self, told):
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.tell({{"model_file": "x"}})
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.tell({{"text": asked["text"], "intent": {{"name": "noise", "confidence": 0.9}}}})
    def log_message(self, *told):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Rasa).serve_forever()
"""


async def asked(tmp_path: Path, *more: str, nlu: str = NLU) -> None:
    train, test = tmp_path / "nlu.yml", tmp_path / "test.csv"
    train.write_text(nlu, "utf-8")
    test.write_text(TEST, "utf-8")
    await main(
        Settings(), parser().parse_args(["evaluate", "intent", "--train", str(train), "--test", str(test), *more])
    )


def fake(tmp_path: Path) -> str:
    program = tmp_path / "rasa"
    program.write_text(FAKE, "utf-8")
    program.chmod(0o755)
    return str(program)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    figures: dict[str, Any] = msgspec.json.decode(line)
    return figures


def test_the_coverage_is_the_largest_share_of_the_surest_that_is_right() -> None:
    said = [("a", 0.9), ("a", 0.8), ("b", 0.8), ("a", 0.1)]
    assert figures_of(said, ["a", "a", "b", "b"])["coverage_at_p95"] == 0.75
    assert figures_of(said, ["a", "a", "a", "a"])["coverage_at_p95"] == 0.25
    assert figures_of(said, ["b", "a", "b", "a"])["coverage_at_p95"] == 0.0


async def test_the_local_reader_learns_any_intents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await asked(tmp_path)
    figures = told(capsys)
    assert (figures["engine"], figures["test"], figures["accuracy"]) == ("local", 2, 1.0)
    assert figures["messages_per_second"] > 0


async def test_rasa_is_trained_served_and_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await asked(tmp_path, "--engine", "rasa", "--rasa", fake(tmp_path))
    figures = told(capsys)
    assert (figures["engine"], figures["accuracy"], figures["coverage_at_p95"]) == ("rasa", 0.5, 0.0)


async def test_a_training_that_fails_and_a_program_that_is_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await asked(tmp_path, "--engine", "rasa", "--rasa", fake(tmp_path), nlu=NLU.replace("ask_way", "x"))
    with pytest.raises(Invalid):
        await asked(tmp_path, "--engine", "rasa", "--rasa", str(tmp_path / "nowhere"))
