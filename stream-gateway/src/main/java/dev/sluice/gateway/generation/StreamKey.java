package dev.sluice.gateway.generation;

/**
 * What identifies a stream: its owner and the name within the owner's streams.
 *
 * @param owner who started it
 * @param id its public name
 */
public record StreamKey(Caller owner, StreamId id) {}
