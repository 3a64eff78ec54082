package dev.sluice.gateway.routing;

import dev.sluice.gateway.generation.Target;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Targets that share a load, each by its weight.
 *
 * @param members at least one, in the order of the configuration
 */
record Pool(List<Member> members) {

    /**
     * One that shares.
     *
     * @param weight its part of the load, as against those of the other members; at least 1
     */
    record Member(Target target, int weight) {}

    /** A member and how long it takes to come up. */
    private record Drawn(Target target, double time) {}

    /** Returns a pool of one, which bears the whole load. */
    static Pool of(Target target) {
        return new Pool(List.of(new Member(target, 1)));
    }

    /**
     * Draws all members: the first by weight, each further one by weight out of those that are left.
     *
     * @param luck a number from 0 to 1, exclusive, for each target. Taken from chance it makes every draw a new one. Where it
     *     depends on the target alone every draw is the same, and a member that leaves changes nothing among the others.
     */
    Stream<Target> draw(ToDoubleFunction<Target> luck) {
        if (members.size() == 1) {
            return Stream.of(members.getFirst().target());
        }
        return members.stream()
                .map(member -> new Drawn(member.target(), time(member, luck)))
                .sorted(Comparator.comparingDouble(Drawn::time))
                .map(Drawn::target);
    }

    /** Exponential clocks: with twice the weight it comes up twice as fast on average, and first twice as often. */
    private static double time(Member member, ToDoubleFunction<Target> luck) {
        return -Math.log1p(-luck.applyAsDouble(member.target())) / member.weight();
    }
}
