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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The models that callers may ask for. Read once at start, from configuration; a mistake there stops the start with one
 * sentence.
 */
@Startup
@Singleton
public final class ModelCatalog {

    private final Map<String, Provider> providers = new TreeMap<>();
    private final Map<String, List<Target>> models = new TreeMap<>();
    private final Map<String, Transforms> transforms = new TreeMap<>();

    private record Provider(String adapter, Endpoint endpoint) {}

    ModelCatalog(RoutingConfig config, Adapters adapters) {
        config.providers().forEach((name, provider) -> {
            if (!provider.needsApiKey() || provider.apiKey().isPresent()) {
                providers.put(name, provider(name, provider, adapters.names()));
            }
        });
        config.models().forEach((name, model) -> {
            models.put(name, targets(name, model, config));
            transforms.put(name, new ModelTransforms(name, model.transforms()).read());
        });
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
     * Returns the targets of a public name or of {@code provider/model}, best first; empty where neither is known.
     */
    public Optional<List<Target>> targets(String model) {
        List<Target> listed = models.get(model);
        if (listed != null) {
            return Optional.of(listed);
        }
        return parse(model).map(List::of);
    }

    /** Returns what is done to the answers of a public name; nothing is done to those of {@code provider/model}. */
    Transforms transforms(String model) {
        return transforms.getOrDefault(model, Transforms.NONE);
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
                        known.endpoint().name()));
    }

    private List<Target> targets(String name, ModelConfig model, RoutingConfig config) {
        if (model.targets().isEmpty()) {
            throw new ConfigurationException("sluice.models." + name + ".targets is empty.");
        }
        return model.targets().stream()
                .map(target -> target(name, target, config))
                .map(target -> model.streams() ? target : target.whole())
                .toList();
    }

    private Target target(String alias, String text, RoutingConfig config) {
        return parse(text)
                .map(target -> new Target(target.adapter(), target.endpoint(), target.model(), target.toString()))
                .orElseThrow(() -> new ConfigurationException("sluice.models." + alias + ".targets names \"" + text
                        + "\", but " + whyUnknown(text, config) + ". Switched on are: " + String.join(", ", providers())
                        + "."));
    }

    private static String whyUnknown(String target, RoutingConfig config) {
        int slash = target.indexOf('/');
        if (slash <= 0 || slash == target.length() - 1) {
            return "a target is written provider/model";
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
                        config.timeouts().connect()));
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
