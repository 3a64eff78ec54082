/** A provider in OpenAI's format that plays the script in the model's name, with faults at will, and says afterwards who hung up when. */
@NullMarked
package dev.sluice.bench.upstream;

import org.jspecify.annotations.NullMarked;
