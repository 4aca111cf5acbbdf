"""An ArcadeDB that speaks Bolt, on loopback: FOLDER BOLT_PORT HTTP_PORT; the password is in ENGINE_PASSWORD."""

from __future__ import annotations

import os
import sys

import arcadedb_embedded

if __name__ == "__main__":
    folder, bolt, http = sys.argv[1:4]
    server = arcadedb_embedded.create_server(
        f"{folder}/data",
        os.environ["ENGINE_PASSWORD"],
        {
            "host": "127.0.0.1",
            "http_port": int(http),
            "bolt_port": int(bolt),
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        },
    )
    server.start()
    sys.stdin.read()
    server.stop()
