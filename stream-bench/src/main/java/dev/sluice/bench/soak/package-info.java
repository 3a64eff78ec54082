/** Hours of mixed load with aborts, resets and resumes: every text is checked, and at rest nothing may be left over. */
@NullMarked
package dev.sluice.bench.soak;

import org.jspecify.annotations.NullMarked;
