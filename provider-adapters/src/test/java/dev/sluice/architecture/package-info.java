@NullMarked
package dev.sluice.architecture;

import org.jspecify.annotations.NullMarked;
