package dev.sluice.gateway.transform;

import java.util.Arrays;
import java.util.Optional;

/** What of an answer can be left out. */
public enum DeltaKind {
    REASONING("reasoning"),
    TOOL_CALL("tool_call");

    /** Every name, for messages. */
    public static final String NAMES = "reasoning and tool_call";

    private final String wireName;

    DeltaKind(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the kind of a name in requests and configuration; empty where there is none. */
    public static Optional<DeltaKind> parse(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName.equals(name))
                .findFirst();
    }
}
