package dev.sluice.gateway.telemetry;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Time-ordered UUIDs (RFC 9562, section 5.7). */
final class Uuids {

    private Uuids() {}

    /** Returns a UUIDv7: 48 bits of milliseconds, 74 random bits. Uniqueness matters here, secrecy does not. */
    static UUID at(Instant time) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (time.toEpochMilli() << 16) | 0x7000 | random.nextInt(0x1000);
        long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
