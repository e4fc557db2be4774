"""The floor of the intake benchmark: a bare aiohttp handler that INSERTs each request's body by itself."""

import asyncio
import sys

import asyncpg
import uvloop
from aiohttp import web

TABLE = "CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, body bytea NOT NULL)"


async def serve(dsn: str, port: int) -> None:
    """Serve until killed."""
    pool = await asyncpg.create_pool(dsn, min_size=10, max_size=20)
    await pool.execute(TABLE)

    async def receive(request: web.Request) -> web.Response:
        await pool.execute("INSERT INTO floor (body) VALUES ($1)", await request.read())
        return web.Response(text="success")

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], int(sys.argv[2])))
