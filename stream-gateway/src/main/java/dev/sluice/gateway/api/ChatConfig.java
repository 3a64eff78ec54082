package dev.sluice.gateway.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Chats of the AI SDK. */
@ConfigMapping(prefix = "sluice.chat")
public interface ChatConfig {

    /** The model of a chat whose client names none. */
    @WithDefault("demo")
    String model();

    /** Whether a chat stays with its target while that is healthy. */
    @WithDefault("false")
    boolean sticky();
}
