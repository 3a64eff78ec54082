-- One row per event of a gateway. The key starts with the stream, so that it also serves the timeline of one stream,
-- and ends with the producer's time, because a key of a partitioned table must contain the partition's column.
CREATE TABLE event (
    stream_id              text             NOT NULL,
    event_id               uuid             NOT NULL,
    event_time             timestamptz      NOT NULL,
    seq                    bigint           NOT NULL,
    type                   text             NOT NULL,
    operation              text,
    endpoint               text,
    streamed               boolean,
    request_model          text,
    response_model         text,
    provider_name          text,
    target_model           text,
    outcome                text,
    aborted_by             text,
    error_type             text,
    http_status            integer,
    phase                  text,
    attempt                integer,
    attempts               integer,
    finish_reason          text,
    input_tokens           bigint,
    output_tokens          bigint,
    cached_tokens          bigint,
    reasoning_tokens       bigint,
    usage_estimated        boolean,
    chunk_count            bigint,
    text_bytes             bigint,
    time_to_first_chunk_ms double precision,
    duration_ms            double precision,
    retry_in_ms            double precision,
    chunk_gap_max_ms       double precision,
    chunk_gaps_ms          jsonb,
    from_offset            bigint,
    breaker_from           text,
    breaker_to             text,
    dropped                bigint,
    reason                 text,
    source_kind            text             NOT NULL,
    source_id              text             NOT NULL,
    source_instance_id     text             NOT NULL,
    source_version         text,
    received_at            timestamptz      NOT NULL,
    PRIMARY KEY (stream_id, event_id, event_time)
) PARTITION BY RANGE (event_time);

CREATE INDEX event_time_brin ON event USING brin (event_time) WITH (pages_per_range = 32, autosummarize = on);

-- Makes the partitions of all days from first_day to last_day. Attaching a ready table takes a lock that lets inserts
-- go on, which CREATE TABLE ... PARTITION OF does not.
CREATE FUNCTION make_event_partitions(first_day date, last_day date) RETURNS integer
    LANGUAGE plpgsql
    SET timezone = 'UTC'
AS $$
DECLARE
    day  date := first_day;
    part text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('sluice.event.partitions'));
    WHILE day <= last_day LOOP
        part := 'event_p' || to_char(day, 'YYYYMMDD');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS) '
                || 'WITH (autovacuum_vacuum_insert_scale_factor = 0.05)', part);
            EXECUTE format('ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                part, day::timestamptz, (day + 1)::timestamptz);
            made := made + 1;
        END IF;
        day := day + 1;
    END LOOP;
    RETURN made;
END $$;

-- Drops the partitions of all days before first_kept. Waits two seconds at most for its lock: inserts must not queue up
-- behind it, and the next hour brings another chance.
CREATE FUNCTION drop_event_partitions(first_kept date) RETURNS integer
    LANGUAGE plpgsql
    SET lock_timeout = '2s'
AS $$
DECLARE
    part    regclass;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('sluice.event.partitions'));
    FOR part IN
        SELECT c.oid::regclass
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'event'::regclass
          AND c.relname ~ '^event_p[0-9]{8}$'
          AND c.relname < 'event_p' || to_char(first_kept, 'YYYYMMDD')
    LOOP
        EXECUTE format('DROP TABLE %s', part);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
