package dev.sluice.gateway.routing;

import dev.sluice.provider.ModelProvider;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every wire protocol on the class path, by name. */
@Singleton
public final class Adapters {

    private final Map<String, ModelProvider> byName;

    Adapters(@All List<ModelProvider> adapters) {
        this.byName =
                adapters.stream().collect(Collectors.toUnmodifiableMap(ModelProvider::adapter, Function.identity()));
    }

    /** Returns the names that configuration may use. */
    public Set<String> names() {
        return byName.keySet();
    }

    /**
     * Returns the adapter of a name out of {@link #names()}.
     *
     * @throws IllegalStateException where there is none
     */
    public ModelProvider get(String name) {
        ModelProvider adapter = byName.get(name);
        if (adapter == null) {
            throw new IllegalStateException("no adapter " + name);
        }
        return adapter;
    }
}
