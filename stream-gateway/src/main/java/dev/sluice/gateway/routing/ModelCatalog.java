package dev.sluice.gateway.routing;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.RoutingConfig.ModelConfig;
import dev.sluice.gateway.routing.RoutingConfig.ProviderConfig;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Secret;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that callers may ask for. Read once at start, from configuration; a mistake there stops the start with one
 * sentence.
 */
@Startup
@Singleton
public final class ModelCatalog {

    /** Connections that take longer are given up below. */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(60);
    /** So many targets may be tried for one request. */
    static final int MAX_TARGETS = 32;

    private final Map<String, Provider> providers = new TreeMap<>();
    private final Map<String, Model> models = new TreeMap<>();
    private final Map<String, Model> unlistedFallbacks = new TreeMap<>();

    private record Provider(String adapter, Endpoint endpoint) {}

    ModelCatalog(RoutingConfig config, Adapters adapters) {
        config.providers().forEach((name, provider) -> {
            if (!provider.needsApiKey() || provider.apiKey().isPresent()) {
                providers.put(name, provider(name, provider, adapters.names()));
            }
        });
        FallbackChains chains = new FallbackChains(fallbacks(config));
        config.models().forEach((name, model) -> models.put(name, model(name, model, chains, config)));
        models.keySet().forEach(this::requireFew);
    }

    /** Returns the public names that are listed, in alphabetical order. */
    public Set<String> names() {
        return models.keySet();
    }

    /** Returns the providers that are switched on, in alphabetical order. */
    public Set<String> providers() {
        return providers.keySet();
    }

    /**
     * Returns the targets of a public name or of {@code provider/model}, as they stand in the configuration; empty where neither
     * is known. Those of its fallbacks are not among them.
     */
    public Optional<List<Target>> targets(String name) {
        return find(name)
                .map(model -> model.pools().stream()
                        .flatMap(pool -> pool.members().stream())
                        .map(Pool.Member::target)
                        .toList());
    }

    /** Returns a public name's model, or a model without fallbacks and transforms for {@code provider/model}. */
    Optional<Model> find(String name) {
        Model configured = models.getOrDefault(name, unlistedFallbacks.get(name));
        return configured != null ? Optional.of(configured) : parse(name).map(ModelCatalog::alone);
    }

    private static Model alone(Target target) {
        return new Model(List.of(Pool.of(target)), List.of(), Transforms.NONE);
    }

    /** A model that is not listed shares its provider's breaker, so that callers cannot make breakers up. */
    private Optional<Target> parse(String name) {
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            return Optional.empty();
        }
        Provider provider = providers.get(name.substring(0, slash));
        return Optional.ofNullable(provider)
                .map(known -> new Target(
                        known.adapter(),
                        known.endpoint(),
                        name.substring(slash + 1),
                        known.endpoint().name(),
                        null));
    }

    private Map<String, List<String>> fallbacks(RoutingConfig config) {
        Map<String, List<String>> fallbacks = new TreeMap<>();
        config.models().forEach((alias, model) -> {
            List<String> names = model.fallbacks().orElse(List.of()).stream()
                    .map(String::strip)
                    .toList();
            fallbacks.put(alias, names);
            for (String name : names) {
                if (!config.models().containsKey(name)) {
                    unlistedFallbacks.putIfAbsent(name, alone(target(alias, "fallbacks", name, model, config)));
                }
            }
        });
        return fallbacks;
    }

    private Model model(String name, ModelConfig model, FallbackChains chains, RoutingConfig config) {
        return new Model(
                new ModelTargets(name, target -> target(name, "targets", target, model, config))
                        .read(model.targets().orElse(List.of())),
                chains.from(name).stream().skip(1).toList(),
                new ModelTransforms(name, model.transforms()).read());
    }

    private void requireFew(String name) {
        long targets = Stream.concat(Stream.of(name), fallbacks(name))
                .flatMap(each -> targets(each).stream())
                .flatMap(List::stream)
                .map(Target::toString)
                .distinct()
                .count();
        if (targets > MAX_TARGETS) {
            throw new ConfigurationException("sluice.models." + name + " has " + targets
                    + " targets together with its fallbacks, but at most " + MAX_TARGETS + " are tried.");
        }
    }

    private Stream<String> fallbacks(String name) {
        return find(name).stream().flatMap(model -> model.fallbacks().stream());
    }

    private Target target(String alias, String setting, String text, ModelConfig model, RoutingConfig config) {
        return parse(text)
                .map(target ->
                        new Target(target.adapter(), target.endpoint(), target.model(), target.toString(), alias))
                .map(target -> model.streams() ? target : target.whole())
                .orElseThrow(() -> new ConfigurationException("sluice.models." + alias + "." + setting
                        + " names \"" + text + "\", but " + whyUnknown(setting, text, config) + ". Switched on are: "
                        + String.join(", ", providers())
                        + "."));
    }

    private static String whyUnknown(String setting, String target, RoutingConfig config) {
        int slash = target.indexOf('/');
        if (slash <= 0 || slash == target.length() - 1) {
            return setting.equals("fallbacks")
                    ? "no model is called that, and a target is written provider/model"
                    : "a target is written provider/model";
        }
        String provider = target.substring(0, slash);
        return config.providers().containsKey(provider)
                ? "provider " + provider + " has no API key"
                : "no provider is called " + provider;
    }

    private static Provider provider(String name, ProviderConfig config, Set<String> adapters) {
        if (!adapters.contains(config.adapter())) {
            throw new ConfigurationException("sluice.providers." + name + ".adapter is \"" + config.adapter()
                    + "\", but there are only: "
                    + adapters.stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return new Provider(
                config.adapter(),
                new Endpoint(
                        name,
                        baseUrl(name, config),
                        config.apiKey().map(Secret::new).orElse(null),
                        config.headers(),
                        connectTimeout(name, config)));
    }

    private static Duration connectTimeout(String name, ProviderConfig config) {
        Duration limit = config.timeouts().connect();
        if (!limit.isPositive() || limit.compareTo(LONGEST_CONNECT) > 0) {
            throw new ConfigurationException("sluice.providers." + name
                    + ".timeouts.connect must be longer than 0 and at most " + LONGEST_CONNECT.toSeconds() + " s.");
        }
        return limit;
    }

    private static URI baseUrl(String name, ProviderConfig config) {
        if (config.adapter().equals("simulator")) {
            return URI.create("simulator:" + name);
        }
        URI url = config.baseUrl()
                .orElseThrow(() -> new ConfigurationException("sluice.providers." + name + ".base-url is missing."));
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new ConfigurationException("sluice.providers." + name + ".base-url is not an http or https address.");
        }
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }
}
