/**
 * What adapters that speak HTTP share: one POST whose answer is a stream of chunks, the parser of server-sent events, and the
 * reading of refusals. Knows no vendor's stream format.
 */
@NullMarked
package dev.sluice.provider.http;

import org.jspecify.annotations.NullMarked;
