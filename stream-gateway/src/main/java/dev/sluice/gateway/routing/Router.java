package dev.sluice.gateway.routing;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;

/** Decides where a request goes. */
@Singleton
public final class Router {

    private final ModelCatalog catalog;

    Router(ModelCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Returns the targets to try, in this order; at least one.
     *
     * @param fallbacks names whose targets follow those of {@code model}
     * @throws GatewayException {@link ErrorCode#MODEL_NOT_FOUND} for a name that is neither listed nor {@code provider/model}
     */
    public List<Target> route(String model, List<String> fallbacks) {
        List<Target> first = targets(model, "model");
        if (fallbacks.isEmpty()) {
            return first;
        }
        return Stream.concat(first.stream(), fallbacks.stream().flatMap(name -> targets(name, "fallbacks").stream()))
                .distinct()
                .toList();
    }

    private List<Target> targets(String model, String param) {
        return catalog.targets(model)
                .orElseThrow(() -> new GatewayException(new GatewayError(
                        ErrorCode.MODEL_NOT_FOUND,
                        ErrorCode.MODEL_NOT_FOUND.status(),
                        "There is no such model. GET /v1/models lists those that there are.",
                        param,
                        null,
                        null,
                        null,
                        null)));
    }
}
