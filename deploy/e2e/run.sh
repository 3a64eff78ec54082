#!/usr/bin/env bash
# ./dev run, seen from outside: it comes up on free ports with a fresh data folder, streams, records, serves the official
# clients, refuses taken ports, leaves no process behind, stands its provider's faults, and can be measured. Needs the services
# built; ./dev test does that.
set -euo pipefail
# A background job of a script has Ctrl-C ignored, which no shell can undo, and here it is tried.
[[ -z $(trap -p INT) ]] || exec perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$BASH" "$0" "$@"
set -m # each background job is a process group of its own with default signals, as in a terminal
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
chmod 755 "$work" # the database may run under another account
leader=''

say() { printf 'e2e: %s\n' "$*"; }
fail() {
  tail -n 30 "$work"/*.out "$work"/log/*.log >&2 2>/dev/null || :
  say "FAILED: $*" >&2
  exit 1
}

cleanup() {
  status=$?
  trap - EXIT
  [[ -z $leader ]] || kill -TERM -- "-$leader" 2>/dev/null || :
  [[ -z $leader ]] || within 90 gone "$leader" || kill -KILL -- "-$leader" 2>/dev/null || :
  kill -- "-$watchdog" 2>/dev/null || :
  rm -rf "$work"
  exit "$status"
}

# Whatever hangs, the whole script ends.
self=$$
(sleep 600 && echo 'e2e: FAILED: not done after 600 s' >&2 && kill -TERM "$self") &
watchdog=$!
disown "$watchdog"
trap cleanup EXIT
trap 'exit 1' INT TERM

refused() { # whether nothing listens on port $1
  local status=0
  curl -s -o /dev/null --noproxy '*' -m 1 "http://127.0.0.1:$1/" || status=$?
  [[ $status -eq 7 ]]
}
free_port() { # the first free one from $1 on
  local port=$1
  until refused "$port"; do port=$((port + 1)); done
  echo "$port"
}
within() { # $1 seconds for the rest to come true
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}
gone() { ! kill -0 "$@" 2>/dev/null; }
family() { # process $1 and its descendants, on one line
  ps -A -o pid= -o ppid= | awk -v root="$1" '{ parent[$1] = $2 } END {
    for (pid in parent) { p = pid; while (p != root && p in parent) p = parent[p]; if (p == root) printf "%s ", pid } }'
}
call() { curl -sS --noproxy '*' -m 20 "$@"; }

base=$((20000 + $$ % 12000)) # below the ports that outgoing connections take
GATEWAY_PORT=$(free_port "$base")
COLLECTOR_PORT=$(free_port $((GATEWAY_PORT + 1)))
export GATEWAY_PORT COLLECTOR_PORT SLUICE_DATA_DIR=$work/postgres SLUICE_LOG_DIR=$work/log
gateway=http://127.0.0.1:$GATEWAY_PORT
collector=http://127.0.0.1:$COLLECTOR_PORT

begin() { # ./dev run in the background, until it says that it is ready
  : >"$work/run.out" # now, not when the job gets to it: what an earlier run said must not be taken for this one's
  # A key of the developer's must not turn a test into a bill.
  env -u OPENAI_API_KEY -u OPENAI_BASE_URL ./dev run >"$work/run.out" 2>&1 &
  leader=$!
  within 300 ready_or_gone || fail './dev run was not ready in time'
  grep -q 'Ctrl-C stops everything' "$work/run.out" || fail './dev run ended while it was starting'
  # The services and their database, which is no descendant of theirs.
  processes="$(family "$leader") $(sed -n 1p "$SLUICE_DATA_DIR/cluster/postmaster.pid" 2>/dev/null || :)"
}
ready_or_gone() { grep -q 'Ctrl-C stops everything' "$work/run.out" || gone "$leader"; }

nothing_left() {
  local pid
  for pid in $processes; do gone "$pid" || return 1; done
  refused "$GATEWAY_PORT" && refused "$COLLECTOR_PORT"
}
ended_with() { # status $1, and nothing left
  local status=0
  within 90 gone "$leader" || fail './dev run did not end in time'
  wait "$leader" || status=$?
  leader=''
  [[ $status -eq $1 ]] || fail "./dev run ended with status $status, not $1"
  within 10 nothing_left || fail "left behind: $(ps -o pid=,args= -p "${processes// /,}" || :)"
}

row_readable() { # whether the collector answers with the row of stream $1
  call -f "$collector/api/telemetry/streams/$1" >"$work/row.json" 2>/dev/null && grep -q "$1" "$work/row.json"
}

say "starts on ports $GATEWAY_PORT and $COLLECTOR_PORT"
begin

say 'streams an answer to the end'
call -N -D "$work/head" "$gateway/v1/chat/completions" -H 'Content-Type: application/json' \
  -d '{"model":"demo","stream":true,"messages":[{"role":"user","content":"Hello"}]}' >"$work/answer.out"
grep -qi '^content-type: *text/event-stream' "$work/head" || fail 'the answer is not an event stream'
grep -q '"content":' "$work/answer.out" || fail 'the answer has no text'
[[ $(grep '^data:' "$work/answer.out" | tail -n 1 | tr -d '\r') == 'data: [DONE]' ]] || fail 'the answer does not end with [DONE]'

say 'records the stream'
stream=$(sed -n 's/^x-stream-id: *//Ip' "$work/head" | tr -d '\r')
[[ -n $stream ]] || fail 'the answer does not name its stream'
within 6 row_readable "$stream" || fail "the collector does not know stream $stream after 6 s"

if command -v node >/dev/null && command -v npm >/dev/null; then
  say 'serves clients that others wrote'
  (cd clients/conformance && npm ci --no-audit --no-fund --loglevel=error && SLUICE_URL=$gateway npm test) || fail 'clients/conformance'
elif [[ ${CI:-} == true ]]; then
  fail 'node and npm are missing; CI must run clients/conformance'
else
  say 'skipped: node or npm is not installed, so clients/conformance was not run'
fi

say 'refuses a taken port, at once and in one sentence'
status=0
./dev run >"$work/taken.out" 2>&1 || status=$?
[[ $status -ne 0 ]] || fail 'a taken port is not refused'
grep -q "port $GATEWAY_PORT is taken; set GATEWAY_PORT" "$work/taken.out" || fail 'the refusal does not name port and variable'
[[ $(wc -l <"$work/taken.out") -eq 1 ]] || fail 'the refusal is more than one line'

say 'ends on Ctrl-C with status 0 and leaves nothing behind'
kill -INT -- "-$leader"
ended_with 0

say 'ends with an error when a service dies'
begin
victim=$(pgrep -P "$leader" -f stream-gateway)
kill -KILL "$victim"
ended_with 1
grep -q 'the stream-gateway ended' "$work/run.out" || fail 'it does not say which service ended'

say 'stops its database even when the collector is killed'
begin
victim=$(pgrep -P "$leader" -f telemetry-collector)
kill -KILL "$victim"
ended_with 1

say 'ends on Ctrl-C while it starts'
: >"$work/run.out"
./dev run >"$work/run.out" 2>&1 &
leader=$!
within 300 grep -q 'Starting' "$work/run.out" || fail './dev run did not start'
sleep 1
processes=$(family "$leader")
kill -INT -- "-$leader"
ended_with 0

say 'recovers from passing faults and leaves a provider alone that throttles'
./dev faults --quick >"$work/faults.out" 2>&1 || fail './dev faults --quick'

say 'is measured: no stream breaks'
./dev bench --quick >"$work/bench.out" 2>&1 || fail './dev bench --quick'
grep -q '^broadcast' "$work/bench.out" || fail './dev bench --quick did not measure everything'

say 'passed'
