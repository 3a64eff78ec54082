@NullMarked
package dev.sluice.provider.http;

import org.jspecify.annotations.NullMarked;
