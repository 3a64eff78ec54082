package dev.sluice.gateway.generation;

/**
 * One whole tool call of an answer.
 *
 * @param id what its result must refer to
 * @param name the function
 * @param arguments JSON text as the model wrote it; may be invalid JSON
 */
public record ToolCall(String id, String name, String arguments) {}
