package dev.sluice.gateway.routing;

import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.Pool.Member;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads one model's own targets; a mistake stops the start with one sentence. */
final class ModelTargets {

    private static final int MAX_WEIGHT = 1_000;

    private final String property;
    private final Function<String, Target> known;

    /**
     * @param known finds a target by its name, and refuses one that there is not
     */
    ModelTargets(String alias, Function<String, Target> known) {
        this.property = "sluice.models." + alias + ".targets";
        this.known = known;
    }

    /** Returns one pool of all targets where they have weights, and otherwise a pool for each. */
    List<Pool> read(List<String> targets) {
        if (targets.isEmpty()) {
            throw wrong("is missing or empty");
        }
        Set<String> seen = new HashSet<>();
        List<Member> members =
                targets.stream().map(String::strip).map(this::member).toList();
        for (Member member : members) {
            if (!seen.add(member.target().toString())) {
                throw wrong("names " + member.target() + " twice");
            }
        }
        long weighted = targets.stream().filter(target -> target.contains("*")).count();
        if (weighted == 0) {
            return members.stream().map(Member::target).map(Pool::of).toList();
        }
        if (weighted < targets.size()) {
            throw wrong(
                    "gives only some targets a weight: write one after each, as in provider/model*3, or after none");
        }
        return List.of(new Pool(members));
    }

    private Member member(String text) {
        int star = text.lastIndexOf('*');
        return star < 0
                ? new Member(known.apply(text), 1)
                : new Member(known.apply(text.substring(0, star)), weight(text, text.substring(star + 1)));
    }

    private int weight(String target, String digits) {
        int weight = digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw wrong("names \"" + target + "\", but a weight is a whole number from 1 to " + MAX_WEIGHT);
        }
        return weight;
    }

    private ConfigurationException wrong(String what) {
        return new ConfigurationException(property + " " + what + ".");
    }
}
