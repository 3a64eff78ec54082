package dev.sluice.gateway.routing;

import dev.sluice.gateway.chance.Randomness;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.transform.Transforms;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Decides where a request goes. */
@Singleton
public final class Router {

    private final ModelCatalog catalog;
    private final Randomness randomness;

    Router(ModelCatalog catalog, Randomness randomness) {
        this.catalog = catalog;
        this.randomness = randomness;
    }

    /**
     * Returns the targets to try, in this order, each once; at least one. Where targets share a load, their order is drawn.
     *
     * @param fallbacks names to go on with after {@code model} and its own fallbacks
     * @param stickyKey requests with the same key get the same order as long as the configuration is the same; null for a new
     *     draw
     * @throws GatewayException {@link ErrorCode#MODEL_NOT_FOUND} for a name that is neither listed nor {@code provider/model},
     *     {@link ErrorCode#INVALID_REQUEST} for too many targets
     */
    public List<Target> route(String model, List<String> fallbacks, @Nullable String stickyKey) {
        ToDoubleFunction<Target> luck = stickyKey == null ? _ -> randomness.next() : new Affinity(stickyKey);
        SequencedMap<String, Target> route = new LinkedHashMap<>();
        for (Model each : models(model, fallbacks)) {
            for (Pool pool : each.pools()) {
                pool.draw(luck).forEach(target -> route.putIfAbsent(target.toString(), target));
            }
        }
        if (route.size() > ModelCatalog.MAX_TARGETS) {
            throw GatewayException.invalid(
                    "fallbacks",
                    "The model and its fallbacks have " + route.size() + " targets together; at most "
                            + ModelCatalog.MAX_TARGETS + " are tried.");
        }
        return List.copyOf(route.values());
    }

    /**
     * Returns what is done to an answer of these models, whichever gives it. What any of them demands is done, so that nobody
     * gets round a model's demands by way of another.
     *
     * @throws GatewayException {@link ErrorCode#MODEL_NOT_FOUND}
     */
    public Transforms transforms(String model, List<String> fallbacks) {
        Transforms all = Transforms.NONE;
        for (Model each : models(model, fallbacks)) {
            all = all.then(each.transforms());
        }
        return all;
    }

    /** Each name, followed by what it leads to. */
    private Collection<Model> models(String model, List<String> fallbacks) {
        Map<String, Model> models = new LinkedHashMap<>();
        add(model, "model", models);
        fallbacks.forEach(fallback -> add(fallback, "fallbacks", models));
        return models.values();
    }

    private void add(String name, String param, Map<String, Model> models) {
        Model model = known(name, param);
        models.putIfAbsent(name, model);
        model.fallbacks().forEach(fallback -> models.putIfAbsent(fallback, known(fallback, param)));
    }

    private Model known(String name, String param) {
        return catalog.find(name)
                .orElseThrow(() -> new GatewayException(GatewayError.of(
                                ErrorCode.MODEL_NOT_FOUND,
                                "There is no such model. GET /v1/models lists those that there are.")
                        .withParam(param)));
    }
}
