"""Forwards ports of one address to the same ports of 127.0.0.1, for servers in a namespace that listen only there.

    forwarder.py ADDRESS FIRST COUNT
"""

from __future__ import annotations

import asyncio
import sys


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(address: str, port: int) -> None:
    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))

    await asyncio.start_server(carry, address, port)


async def main() -> None:
    address, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for port in range(first, first + count):
        await serve(address, port)
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
