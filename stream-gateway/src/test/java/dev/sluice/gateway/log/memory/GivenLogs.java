package dev.sluice.gateway.log.memory;

import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.testing.Examples;

/** Real logs for tests of what reads them. */
public final class GivenLogs {

    private GivenLogs() {}

    /** Returns an empty log of 1 MB. */
    public static StreamLog empty() {
        return new MemoryStreamLog(
                Examples.generation("given"), 1_000_000, new MemoryStreamLogTest.Unwatched(), _ -> {}, () -> {});
    }
}
