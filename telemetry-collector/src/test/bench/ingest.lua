-- Load for POST /api/telemetry: every request is a new batch of ten events, two streams of five.
--   wrk -t1 -c32 -d20s --latency -s telemetry-collector/src/test/bench/ingest.lua http://127.0.0.1:8081/api/telemetry
local now
local counter = 0
local instance

function init()
  math.randomseed(os.time())
  instance = string.format("%08x", math.random(0, 0x7fffffff))
  now = os.date("!%Y-%m-%dT%H:%M:%S")
end

local function event(stream, kind, rest)
  counter = counter + 1
  return string.format(
    '{"event_id":"01991f3a-7c01-7%03x-8%03x-%s%04x","seq":%d,"event_time":"%s.%03dZ","type":"%s","stream_id":"str_%s_%d","request_model":"demo"%s}',
    math.floor(counter / 4096 / 65536) % 4096, math.floor(counter / 65536) % 4096, instance, counter % 65536,
    counter, now, counter % 1000, kind, instance, stream, rest)
end

function request()
  if counter % 1000 == 0 then now = os.date("!%Y-%m-%dT%H:%M:%S") end
  local events = {}
  for _ = 1, 2 do
    local stream = counter
    local where = ',"provider_name":"simulator","target_model":"demo"'
    events[#events + 1] = event(stream, "stream.started", ',"operation":"chat","endpoint":"/v1/streams","streamed":true')
    events[#events + 1] = event(stream, "attempt.failed", where .. ',"attempt":1,"error_type":"SERVER","http_status":503,"phase":"head","retry_in_ms":980.0')
    events[#events + 1] = event(stream, "stream.first_chunk", where .. ',"attempt":2,"time_to_first_chunk_ms":310.0')
    events[#events + 1] = event(stream, "stream.resumed", ',"from_offset":4')
    events[#events + 1] = event(stream, "stream.completed", where .. ',"operation":"chat","endpoint":"/v1/streams","streamed":true,"response_model":"demo","outcome":"completed","attempts":2,"finish_reason":"stop","input_tokens":12,"output_tokens":50,"usage_estimated":false,"chunk_count":50,"text_bytes":312,"time_to_first_chunk_ms":1310.0,"duration_ms":2500.0,"chunk_gap_max_ms":31.5,"chunk_gaps_ms":{"10":3,"25":41,"50":5}')
  end
  local body = '{"source":{"kind":"gateway","id":"bench","instance_id":"' .. instance .. '","version":"0.1.0"},"events":['
    .. table.concat(events, ",") .. "]}"
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
end
