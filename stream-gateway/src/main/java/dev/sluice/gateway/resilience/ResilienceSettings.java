package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.resilience.ResilienceConfig.ModelConfig;
import dev.sluice.gateway.resilience.ResilienceConfig.ProviderConfig;
import dev.sluice.gateway.routing.ModelCatalog;
import dev.sluice.provider.ChatRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import jakarta.inject.Singleton;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.jspecify.annotations.Nullable;

/**
 * How each target is guarded, read once at start. What {@link GuardedStream#open} says is the default; over it lie the settings
 * for all, over these the provider's, over these those of the model that lists the target.
 */
@Singleton
@RegisterForReflection(targets = GuardedStream.class)
public final class ResilienceSettings {

    private final GuardSettings forAll;
    private final Map<String, GuardSettings> byProvider = new HashMap<>();
    private final Map<String, Map<String, GuardSettings>> byModel = new HashMap<>();
    private final Map<String, Duration> totals = new HashMap<>();

    ResilienceSettings(ResilienceConfig config, ModelCatalog catalog) {
        this.forAll = new SettingsReader("sluice.resilience.").read(config.resilience(), annotated());
        for (String provider : catalog.providers()) {
            byProvider.put(provider, ofProvider(provider, config.providers().get(provider)));
        }
        for (String model : catalog.names()) {
            ModelConfig set = config.models().get(model);
            totals.put(model, ofModel(model, set, forAll).clocks().total());
            Map<String, GuardSettings> settings = new HashMap<>();
            byProvider.forEach((provider, below) -> settings.put(provider, ofModel(model, set, below)));
            byModel.put(model, settings);
        }
    }

    /** Returns how a target out of the catalog is guarded. */
    GuardSettings of(Target target) {
        Map<String, GuardSettings> settings =
                target.listedBy() == null ? byProvider : byModel.getOrDefault(target.listedBy(), byProvider);
        return settings.getOrDefault(target.endpoint().name(), forAll);
    }

    /**
     * Returns how long a generation may take, all attempts on all targets together.
     *
     * @param model what the caller asked for
     */
    public Duration total(String model) {
        return totals.getOrDefault(model, forAll.clocks().total());
    }

    /** What the annotations say. */
    private static GuardSettings annotated() {
        Method open = open();
        return new GuardSettings(
                RetryPolicy.of(annotation(open, Retry.class), annotation(open, ExponentialBackoff.class)),
                BreakerPolicy.of(annotation(open, CircuitBreaker.class)),
                StreamClocks.DEFAULTS);
    }

    private static Method open() {
        try {
            return GuardedStream.class.getDeclaredMethod(
                    "open", Target.class, ChatRequest.class, AttemptObserver.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <A extends Annotation> A annotation(Method method, Class<A> type) {
        return Objects.requireNonNull(method.getAnnotation(type));
    }

    private GuardSettings ofProvider(String name, @Nullable ProviderConfig set) {
        return set == null ? forAll : new SettingsReader("sluice.providers." + name + ".").read(set.timeouts(), forAll);
    }

    private static GuardSettings ofModel(String name, @Nullable ModelConfig set, GuardSettings below) {
        return set == null
                ? below
                : new SettingsReader("sluice.models." + name + ".resilience.").read(set.resilience(), below);
    }
}
