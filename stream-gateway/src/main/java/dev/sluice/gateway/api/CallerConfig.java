package dev.sluice.gateway.api;

import dev.sluice.gateway.admission.CallerLimits;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** Who may call. */
@ConfigMapping(prefix = "sluice.callers")
public interface CallerConfig {

    /** Callers by name. Without any, everybody may call, and each presented key is a caller of its own. */
    @WithParentName
    Map<String, CallerKey> byName();

    /** What a caller presents. */
    interface CallerKey {

        /** The key, as {@code Authorization: Bearer} carries it. */
        String apiKey();

        /** What it may do. */
        @WithDefault("user")
        Role role();

        /** How much it may do, where that is not what all may. */
        CallerLimits limits();
    }

    /** What a caller may do. */
    enum Role {
        /** Sees and ends its own streams. */
        USER,
        /** Sees, follows and ends everybody's. */
        ADMIN
    }
}
