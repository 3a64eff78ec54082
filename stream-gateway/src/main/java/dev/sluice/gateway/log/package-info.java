/**
 * The append-only log of each stream: the only way from an answer to its readers.
 *
 * <p>One thread appends; any number of readers, on any threads, catch up from an offset and then follow. Offsets are dense: 0,
 * 1, 2 … A reader never slows the writer or another reader.
 */
@NullMarked
package dev.sluice.gateway.log;

import org.jspecify.annotations.NullMarked;
