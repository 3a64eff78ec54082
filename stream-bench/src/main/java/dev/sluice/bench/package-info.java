/** What `./dev bench` and `./dev soak` run. Loopback only; whatever ends a run ends every process that it started. */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
