package dev.sluice.collector.ingest;

import org.jspecify.annotations.Nullable;

/** Who sent a batch. The version may be missing. */
record Source(
        String kind, String id, String instanceId, @Nullable String version) {}
