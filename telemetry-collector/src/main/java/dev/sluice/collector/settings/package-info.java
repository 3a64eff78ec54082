/**
 * What an operator may set, validated at start and never changed afterwards.
 */
@NullMarked
package dev.sluice.collector.settings;

import org.jspecify.annotations.NullMarked;
