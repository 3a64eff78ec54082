package dev.sluice.gateway.routing;

import dev.sluice.gateway.transform.Transforms;
import java.util.List;

/**
 * What a public name stands for.
 *
 * @param pools its own targets, best first; at least one
 * @param fallbacks names that it leads to when none of them answers, in this order, each once; without itself
 * @param transforms what is done to its answers
 */
record Model(List<Pool> pools, List<String> fallbacks, Transforms transforms) {}
