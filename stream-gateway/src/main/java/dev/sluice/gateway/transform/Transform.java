package dev.sluice.gateway.transform;

import java.util.List;
import java.util.Set;

/** One thing that can be done to an answer. Immutable. */
public sealed interface Transform {

    /**
     * Leaves out deltas.
     *
     * @param kinds which; not empty
     */
    record Drop(Set<DeltaKind> kinds) implements Transform {

        public Drop {
            kinds = Set.copyOf(kinds);
        }
    }

    /**
     * Replaces what must not be told.
     *
     * @param redactions what that is; 1 to {@value #MAX_REDACTIONS}
     * @param maxMatch how many characters a match may have, which bounds what is held back
     */
    record Redact(List<Redaction> redactions, int maxMatch) implements Transform {

        public static final int MAX_REDACTIONS = 32;
        public static final int DEFAULT_MAX_MATCH = 256;

        public Redact {
            redactions = List.copyOf(redactions);
        }
    }

    /**
     * Ends the answer with the finish reason {@code length} when its text grows longer.
     *
     * @param characters of text, counted by code points; thinking and tool calls do not count; at least 1
     */
    record MaxLength(int characters) implements Transform {}

    /** Begins the work on one stream. */
    default ChunkTransform open(ChunkTransform next) {
        return switch (this) {
            case Drop drop -> new DeltaFilter(drop.kinds(), next);
            case Redact redact -> new Redactor(new RedactionScanner(redact.redactions(), redact.maxMatch()), next);
            case MaxLength max -> new LengthLimit(max.characters(), next);
        };
    }
}
