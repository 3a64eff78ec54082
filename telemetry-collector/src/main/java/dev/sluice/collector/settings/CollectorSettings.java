package dev.sluice.collector.settings;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Everything under {@code sluice.collector}. Immutable; a value out of its range stops the start. */
@ConfigMapping(prefix = "sluice.collector")
public interface CollectorSettings {

    /** Folder of the embedded PostgreSQL. Unused when a datasource is configured. */
    @WithDefault("./data/postgres")
    @NotBlank
    String dataDir();

    /** The embedded PostgreSQL. */
    @Valid
    Embedded embedded();

    /** What one request, and all requests together, may cost. */
    @Valid
    Limits limits();

    /** Which event times are believed. */
    @Valid
    Window window();

    /** How rows are written. */
    @Valid
    Writing writing();

    /** Days of events that are kept, counted in whole UTC days before today. */
    @WithDefault("7")
    @Min(3)
    @Max(3650)
    int retentionDays();

    /** Days for which partitions are made ahead of time. */
    @WithDefault("3")
    @Min(1)
    @Max(30)
    int partitionDaysAhead();

    /** How long a caller is asked to wait when the collector is behind or PostgreSQL is away. */
    @WithDefault("2s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration retryAfter();

    /** The embedded PostgreSQL. */
    interface Embedded {

        /** TCP port on 127.0.0.1; 0 takes a free one. */
        @WithDefault("0")
        @Min(0)
        @Max(65535)
        int port();
    }

    /** What one request, and all requests together, may cost. */
    interface Limits {

        /** Events in one batch. */
        @WithDefault("1000")
        @Min(1)
        @Max(10_000)
        int maxEvents();

        /** Size of one body after inflation. At most 8 MiB, where the HTTP layer stops reading. */
        @WithDefault("1M")
        MemorySize maxBody();

        /** Events of all requests that wait for PostgreSQL. */
        @WithDefault("20000")
        @Min(1)
        int maxPendingEvents();

        /** Bytes of all request bodies that are being worked on. */
        @WithDefault("64M")
        MemorySize maxPendingBytes();
    }

    /** Which event times are believed. */
    interface Window {

        /** How old an event may be. */
        @WithDefault("48h")
        @DurationMin(minutes = 1)
        @DurationMax(hours = 48)
        Duration past();

        /** How far ahead a producer's clock may be. */
        @WithDefault("10m")
        @DurationMin(seconds = 0)
        @DurationMax(hours = 1)
        Duration future();
    }

    /** How rows are written. */
    interface Writing {

        /** Rows in one statement. */
        @WithDefault("1000")
        @Min(1)
        @Max(10_000)
        int maxRows();

        /** Attempts in all, at least 2, when PostgreSQL fails in a way that may pass. A timeout is not tried again. */
        @WithDefault("3")
        @Min(2)
        @Max(10)
        int attempts();

        /** Pause before the second attempt; doubles from there. */
        @WithDefault("100ms")
        Duration backoff();

        /** How long one statement may take before its callers are told to come again. */
        @WithDefault("5s")
        @DurationMin(millis = 100)
        Duration timeout();
    }
}
