/**
 * OpenAI's chat completions, as OpenAI and the many servers that call themselves compatible speak them.
 */
@NullMarked
package dev.sluice.provider.openai;

import org.jspecify.annotations.NullMarked;
