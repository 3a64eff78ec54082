/** Anthropic's Messages: the request's translation into chat completions, and the answer's, the stream's and the error's form. */
@NullMarked
package dev.sluice.gateway.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
