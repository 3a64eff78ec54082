package dev.sluice.gateway.admission;

import com.sun.management.UnixOperatingSystemMXBean;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * How many files this process may have open, and so how many streams it can run: each has a socket to both sides, and whoever
 * waits for a place has one to the client.
 */
@Singleton
final class OpenFiles {

    private static final Logger LOG = Logger.getLogger(OpenFiles.class);
    private static final int USUAL_STREAMS = 20_000;
    private static final int SOCKETS_PER_STREAM = 2;

    /** Jars, listening sockets, the collector's connection, and readers that come on top. */
    private static final int OTHERS = 256;

    private final OptionalLong limit;

    OpenFiles() {
        this(limitOfThisProcess());
    }

    private OpenFiles(OptionalLong limit) {
        this.limit = limit;
    }

    static OpenFiles limitedTo(OptionalLong limit) {
        return new OpenFiles(limit);
    }

    /**
     * Returns how many streams may run, and says so where the files do not suffice.
     *
     * @param waiting requests that may wait beside them
     */
    int maxStreams(Optional<Integer> configured, int waiting) {
        if (limit.isEmpty()) {
            return configured.orElse(USUAL_STREAMS);
        }
        long others = (long) OTHERS + waiting;
        int fitting = Math.clamp((limit.getAsLong() - others) / SOCKETS_PER_STREAM, 1, Integer.MAX_VALUE);
        if (configured.isEmpty()) {
            int streams = Math.min(USUAL_STREAMS, fitting);
            if (streams < USUAL_STREAMS) {
                LOG.infof(
                        "At most %d streams run at a time, since this process may have %d files open: each stream needs two"
                                + " sockets, and each of the %d requests that may wait needs one. Raise the limit (ulimit"
                                + " -n, LimitNOFILE=, --ulimit nofile) for more.",
                        streams, limit.getAsLong(), waiting);
            }
            return streams;
        }
        int streams = configured.get();
        if (streams > fitting) {
            LOG.warnf(
                    "sluice.admission.max-streams is %d, but this process may have %d files open, which is enough for %d"
                            + " streams with two sockets each beside %d requests that wait with one. Raise the limit"
                            + " (ulimit -n, LimitNOFILE=, --ulimit nofile) to %d, or lower the setting.",
                    streams, limit.getAsLong(), fitting, waiting, SOCKETS_PER_STREAM * (long) streams + others);
        }
        return streams;
    }

    private static OptionalLong limitOfThisProcess() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                            && unix.getMaxFileDescriptorCount() > 0
                    ? OptionalLong.of(unix.getMaxFileDescriptorCount())
                    : OptionalLong.empty();
        } catch (UnsupportedOperationException | LinkageError e) {
            LOG.debug("The limit of open files is not known here", e);
            return OptionalLong.empty();
        }
    }
}
