package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Target;

/**
 * What is the same for all attempts on one target.
 *
 * @param target where they go
 * @param observer who follows them
 * @param settings how it is guarded
 * @param breaker the target's health
 */
record GuardedCall(Target target, AttemptObserver observer, GuardSettings settings, Breaker breaker) {}
