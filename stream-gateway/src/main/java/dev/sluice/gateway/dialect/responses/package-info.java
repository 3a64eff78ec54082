/** OpenAI's Responses API: its requests in the vocabulary of chat completions, and answers as its events and objects. */
@NullMarked
package dev.sluice.gateway.dialect.responses;

import org.jspecify.annotations.NullMarked;
