/** OpenAI's chat completions, streamed and whole, in the form that its official clients and their look-alikes all accept. */
@NullMarked
package dev.sluice.gateway.dialect.openai;

import org.jspecify.annotations.NullMarked;
