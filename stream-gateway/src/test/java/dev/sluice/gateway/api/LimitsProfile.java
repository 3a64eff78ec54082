package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.Caller;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A gateway whose callers have limits, and a short queue. */
public class LimitsProfile extends GatewayProfile {

    static final String ALICE = "Authorization: Bearer sk-alice-canary-key";
    static final String BOB = "Authorization: Bearer sk-bob-canary-key";

    /** May start three streams, and then one each twenty seconds. */
    static final String SELDOM = "Authorization: Bearer sk-seldom-canary-key";

    /** May spend 1000 tokens, and then one each minute. */
    static final String THRIFTY = "Authorization: Bearer sk-thrifty-canary-key";

    /** May start one stream, and then one each ten minutes. */
    static final String ONCE = "Authorization: Bearer sk-once-canary-key";

    static final List<Caller> CALLERS = Stream.of("alice", "bob", "seldom", "thrifty", "once")
            .map(Caller::new)
            .toList();

    @Override
    protected void configure(Map<String, String> settings) {
        settings.put("sluice.callers.alice.api-key", "sk-alice-canary-key");
        settings.put("sluice.callers.bob.api-key", "sk-bob-canary-key");
        settings.put("sluice.callers.seldom.api-key", "sk-seldom-canary-key");
        settings.put("sluice.callers.seldom.limits.requests-per-minute", "3");
        settings.put("sluice.callers.thrifty.api-key", "sk-thrifty-canary-key");
        settings.put("sluice.callers.thrifty.limits.tokens-per-minute", "1");
        settings.put("sluice.callers.thrifty.limits.token-burst", "1000");
        settings.put("sluice.callers.once.api-key", "sk-once-canary-key");
        settings.put("sluice.callers.once.limits.tokens-per-minute", "1");
        settings.put("sluice.callers.once.limits.token-burst", "5");
        settings.put("sluice.admission.max-streams", "3");
        settings.put("sluice.admission.per-caller.max-streams", "2");
        settings.put("sluice.admission.queue.size", "4");
        settings.put("sluice.admission.queue.deadline", "1500ms");
        settings.put("sluice.resilience.backoff.base", "10ms");
    }
}
