/** Two small formats for callers that know nothing else: JSON objects with the text as {@code chunk}, and bare text. */
@NullMarked
package dev.sluice.gateway.dialect.legacy;

import org.jspecify.annotations.NullMarked;
