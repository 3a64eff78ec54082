package dev.sluice.gateway.routing;

import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ModelProvider;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import java.util.Arrays;
import java.util.List;

/** Adapters out of the test's hand. */
public final class GivenAdapters {

    private GivenAdapters() {}

    /** Returns exactly these adapters. */
    public static Adapters of(ModelProvider... adapters) {
        return new Adapters(List.of(adapters));
    }

    /** Returns adapters of these names that answer nothing. */
    public static Adapters named(String... names) {
        return new Adapters(Arrays.stream(names).map(GivenAdapters::silent).toList());
    }

    private static ModelProvider silent(String name) {
        return new ModelProvider() {
            @Override
            public String adapter() {
                return name;
            }

            @Override
            public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
                return Multi.createFrom().empty();
            }
        };
    }
}
