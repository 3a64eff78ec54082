-- What dashboards and other readers may rely on. Columns may be added, never changed or taken away.
CREATE SCHEMA telemetry_api;

CREATE VIEW telemetry_api.events AS
SELECT stream_id, event_id, event_time, seq, type, operation, endpoint, streamed, request_model, response_model,
       provider_name, target_model, outcome, aborted_by, error_type, http_status, phase, attempt, attempts,
       finish_reason, input_tokens, output_tokens, cached_tokens, reasoning_tokens, usage_estimated, chunk_count,
       text_bytes, time_to_first_chunk_ms, duration_ms, retry_in_ms, chunk_gap_max_ms, chunk_gaps_ms, from_offset,
       breaker_from, breaker_to, dropped, reason, source_kind, source_id, source_instance_id, source_version,
       received_at
FROM event;

COMMENT ON VIEW telemetry_api.events IS 'Every event, with the names of the wire.';

-- NOT EXISTS rather than DISTINCT ON: a condition on ended_at then reaches the partitions.
CREATE VIEW telemetry_api.streams AS
SELECT e.stream_id,
       e.event_time AS ended_at,
       e.event_time - make_interval(secs => coalesce(e.duration_ms, 0) / 1000) AS started_at,
       split_part(e.type, '.', 2) AS outcome,
       e.operation, e.endpoint, e.streamed, e.request_model, e.response_model, e.provider_name, e.target_model,
       e.aborted_by, e.error_type, e.http_status, e.phase, e.attempts, e.finish_reason, e.input_tokens,
       e.output_tokens, e.cached_tokens, e.reasoning_tokens, e.usage_estimated, e.chunk_count, e.text_bytes,
       e.time_to_first_chunk_ms, e.duration_ms, e.chunk_gap_max_ms, e.chunk_gaps_ms, e.source_kind, e.source_id,
       e.source_instance_id, e.source_version
FROM event e
WHERE e.type IN ('stream.completed', 'stream.failed', 'stream.aborted')
  AND NOT EXISTS (
      SELECT 1
      FROM event l
      WHERE l.stream_id = e.stream_id
        AND l.type IN ('stream.completed', 'stream.failed', 'stream.aborted')
        AND (l.event_time, l.event_id) > (e.event_time, e.event_id));

COMMENT ON VIEW telemetry_api.streams IS 'One row per ended stream, from its last terminal event.';
