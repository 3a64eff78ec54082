package dev.sluice.gateway.routing;

import dev.sluice.gateway.routing.RoutingConfig.TransformsConfig;
import dev.sluice.gateway.transform.DeltaKind;
import dev.sluice.gateway.transform.Redaction;
import dev.sluice.gateway.transform.Transform;
import dev.sluice.gateway.transform.Transforms;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads what is done to one model's answers; a mistake stops the start with one sentence. */
final class ModelTransforms {

    private static final int LEAST_MAX_MATCH = 64;
    private static final int MOST_MAX_MATCH = 1_024;

    private final String prefix;
    private final TransformsConfig config;

    ModelTransforms(String alias, TransformsConfig config) {
        this.prefix = "sluice.models." + alias + ".transforms.";
        this.config = config;
    }

    Transforms read() {
        List<Transform> steps = new ArrayList<>();
        Set<DeltaKind> dropped = dropped();
        if (!dropped.isEmpty()) {
            steps.add(new Transform.Drop(dropped));
        }
        List<Redaction> redactions = redactions();
        if (!redactions.isEmpty()) {
            steps.add(new Transform.Redact(redactions, config.maxMatch()));
        }
        config.maxLength().ifPresent(length -> {
            require(length > 0, "max-length must be above 0.");
            steps.add(new Transform.MaxLength(length));
        });
        return new Transforms(steps);
    }

    private Set<DeltaKind> dropped() {
        Set<DeltaKind> kinds = new HashSet<>();
        for (String name : orEmpty(config.drop())) {
            kinds.add(DeltaKind.parse(name)
                    .orElseThrow(() ->
                            wrong("drop names \"" + name + "\", but only " + DeltaKind.NAMES + " can be left out.")));
        }
        return kinds;
    }

    private List<Redaction> redactions() {
        int maxMatch = config.maxMatch();
        require(
                maxMatch >= LEAST_MAX_MATCH && maxMatch <= MOST_MAX_MATCH,
                "max-match must be from " + LEAST_MAX_MATCH + " to " + MOST_MAX_MATCH + ".");
        List<Redaction> redactions = new ArrayList<>();
        for (String name : orEmpty(config.redact())) {
            redactions.add(Redaction.named(name)
                    .orElseThrow(() ->
                            wrong("redact names \"" + name + "\", but there are only: " + Redaction.NAMES + ".")));
        }
        for (String literal : orEmpty(config.redactLiterals())) {
            require(
                    !literal.isBlank() && literal.length() <= maxMatch,
                    "redact-literals must have 1 to " + maxMatch + " characters each.");
            redactions.add(Redaction.literal(literal));
        }
        for (Map.Entry<String, String> expression : new TreeMap<>(config.redactExpressions()).entrySet()) {
            redactions.add(Redaction.expression(expression.getKey(), compiled(expression)));
        }
        require(
                redactions.size() <= Transform.Redact.MAX_REDACTIONS,
                "redact, redact-literals and redact-expressions must be at most " + Transform.Redact.MAX_REDACTIONS
                        + " together.");
        return redactions;
    }

    private Pattern compiled(Map.Entry<String, String> expression) {
        String property = "redact-expressions." + expression.getKey();
        try {
            Pattern pattern = Pattern.compile(expression.getValue());
            require(!pattern.matcher("").matches(), property + " matches even where nothing is.");
            return pattern;
        } catch (PatternSyntaxException e) {
            throw wrong(property + " is no regular expression: " + e.getDescription() + ".");
        }
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw wrong(otherwise);
        }
    }

    private ConfigurationException wrong(String sentence) {
        return new ConfigurationException(prefix + sentence);
    }

    private static List<String> orEmpty(Optional<List<String>> names) {
        return names.orElse(List.of());
    }
}
