#!/bin/sh
# The desk with Rasa as its reader, both on this machine, until Ctrl-C. RASA: the folder of Rasa's programs; BIN: ours.
set -eu
cd "$(dirname "$0")"
export RASA_TELEMETRY_ENABLED=false HOTLINE_RASA_ACTIONS=http://127.0.0.1:5055/webhook
"$RASA/rasa" run --enable-api --interface 127.0.0.1 --port 5005 &
rasa=$!
trap 'kill $rasa 2>/dev/null || true; wait $rasa 2>/dev/null || true' EXIT INT TERM
until python3 -c 'import socket; socket.create_connection(("127.0.0.1", 5005), 1)' 2>/dev/null; do
  kill -0 $rasa || exit 1
  sleep 1
done
cd ../..
HOTLINE_READER=rasa "$BIN/python" -m hotline --demo
