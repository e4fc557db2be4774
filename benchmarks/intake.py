"""Durable intake of encrypted WeChat posts on PostgreSQL, as a ratio to the floor «one INSERT a request».

Both sides answer only after commit, one process each, the same number of connections, rounds alternating.
The floor stores the bytes it got; our side also verifies, decrypts, parses, numbers, seals and dedupes them.
"""

import argparse
import asyncio
import base64
import json
import os
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack

import asyncpg

from benchmarks.load import Tally, drive, post
from benchmarks.processes import listening, migrate, process
from channels.sandbox.wechat_wire import Keys, to_xml

SERVER = os.environ.get("HOTLINE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
KEYS = Keys("wxbench", "bench-token", base64.b64encode(secrets.token_bytes(32)).decode()[:43])
FLOOR_PORT, OUR_PORT = 18181, 18182


def posts(count: int, start: int) -> list[bytes]:
    """Encrypted posts of as many citizens, each another message."""
    made = []
    for number in range(start, start + count):
        stamp = str(int(time.time()))
        sealed = KEYS.encrypt(
            to_xml(
                {
                    "ToUserName": "gh_bench",
                    "FromUserName": f"o{number % 5000:06d}",
                    "CreateTime": int(stamp),
                    "MsgType": "text",
                    "Content": f"楼下的路灯坏了三天了，麻烦派人来修一下，第{number}次反映。",
                    "MsgId": 10_000_000 + number,
                }
            )
        )
        nonce = secrets.token_hex(5)
        query = (
            f"signature={KEYS.sign(stamp, nonce)}&timestamp={stamp}&nonce={nonce}&openid=o{number % 5000:06d}"
            f"&encrypt_type=aes&msg_signature={KEYS.sign(stamp, nonce, sealed)}"
        )
        body = to_xml({"ToUserName": "gh_bench", "Encrypt": sealed}).encode()
        made.append(post(f"/webhooks/wechat?{query}", body, OUR_PORT))
    return made


def our_environ(url: str, key_file: str) -> dict[str, str]:
    """The web process as it would run in production, without passive replies."""
    return {
        "HOTLINE_DATABASE_URL": url.replace("postgresql://", "postgresql+asyncpg://"),
        "HOTLINE_SERVER_PORT": str(OUR_PORT),
        "HOTLINE_SERVER_LOG_LEVEL": "warning",
        "HOTLINE_SECURITY_KEY_FILE": key_file,
        "HOTLINE_CHANNELS_WECHAT_APP_ID": KEYS.app_id,
        "HOTLINE_CHANNELS_WECHAT_SECRET": "bench",
        "HOTLINE_CHANNELS_WECHAT_TOKEN": KEYS.token,
        "HOTLINE_CHANNELS_WECHAT_AES_KEY": KEYS.aes_key,
        "HOTLINE_CHANNELS_WECHAT_PASSIVE_SECONDS": "0",
    }


async def measure(rounds: int, size: int, connections: int) -> dict[str, object]:
    """Run the rounds; the ratio of the two rates and what was kept."""
    name = f"hotline_bench_{os.getpid()}"
    admin = await asyncpg.connect(f"{SERVER}/postgres")
    await admin.execute(f'CREATE DATABASE "{name}"')
    url = f"{SERVER}/{name}"
    folder = tempfile.TemporaryDirectory()
    environ = our_environ(url, f"{folder.name}/keys/key")
    try:
        migrate(environ)
        with ExitStack() as stack:
            stack.enter_context(process("-m", "benchmarks.floor_server", url, str(FLOOR_PORT), environ={}))
            stack.enter_context(process("-m", "hotline", "web", environ=environ))
            await listening(FLOOR_PORT)
            await listening(OUR_PORT)
            return await _rounds(url, rounds, size, connections)
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()
        folder.cleanup()


async def _rounds(url: str, rounds: int, size: int, connections: int) -> dict[str, object]:
    rates: dict[str, list[float]] = {"floor": [], "ours": []}
    last: dict[str, Tally] = {}
    sent = 0
    await drive(FLOOR_PORT, [post("/", b"x" * 700, FLOOR_PORT)] * 500, connections)
    await drive(OUR_PORT, posts(500, 9_000_000), connections)
    for number in range(rounds):
        encrypted = posts(size, number * size)
        bodies = [each.partition(b"\r\n\r\n")[2] for each in encrypted]
        sides = {"floor": (FLOOR_PORT, [post("/", body, FLOOR_PORT) for body in bodies]), "ours": (OUR_PORT, encrypted)}
        for side in ("floor", "ours") if number % 2 else ("ours", "floor"):
            port, requests = sides[side]
            tally, seconds = await drive(port, requests, connections)
            if tally.statuses != {200: size}:
                raise RuntimeError(f"{side}: {tally.statuses}")
            rates[side].append(size / seconds)
            last[side] = tally
        sent += size
    connection = await asyncpg.connect(url)
    kept = await connection.fetchval("SELECT count(*) FROM mailbox_in")
    await connection.close()
    if kept != sent + 500:
        raise RuntimeError(f"acknowledged {sent + 500}, kept {kept}")
    pairs = sorted(ours / floor for ours, floor in zip(rates["ours"], rates["floor"], strict=True))
    return {
        "benchmark": "intake_wechat_postgresql",
        "ratio_to_floor": round(pairs[len(pairs) // 2], 3),
        "ratios": [round(pair, 3) for pair in pairs],
        "ours_per_second": round(sorted(rates["ours"])[rounds // 2]),
        "floor_per_second": round(sorted(rates["floor"])[rounds // 2]),
        "ours_p95_ms": round(last["ours"].percentile(0.95), 1),
        "floor_p95_ms": round(last["floor"].percentile(0.95), 1),
        "connections": connections,
        "messages_a_round": size,
        "kept_of_acknowledged": f"{kept}/{sent + 500}",
    }


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=100)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(asyncio.run(measure(given.rounds, given.size, given.connections))) + "\n")


if __name__ == "__main__":
    main()
