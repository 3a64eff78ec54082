package dev.sluice.gateway.routing;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.transform.Transforms;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Map<String, Target> byName = new LinkedHashMap<>();
        Stream.concat(first.stream(), fallbacks.stream().flatMap(name -> targets(name, "fallbacks").stream()))
                .forEach(target -> byName.putIfAbsent(target.toString(), target));
        return List.copyOf(byName.values());
    }

    /**
     * Returns what is done to an answer of these models, whichever gives it. What any of them demands is done, so that nobody
     * gets round a model's demands by way of another.
     */
    public Transforms transforms(String model, List<String> fallbacks) {
        Transforms all = catalog.transforms(model);
        for (String fallback : fallbacks) {
            all = all.then(catalog.transforms(fallback));
        }
        return all;
    }

    private List<Target> targets(String model, String param) {
        return catalog.targets(model)
                .orElseThrow(() -> new GatewayException(GatewayError.of(
                                ErrorCode.MODEL_NOT_FOUND,
                                "There is no such model. GET /v1/models lists those that there are.")
                        .withParam(param)));
    }
}
