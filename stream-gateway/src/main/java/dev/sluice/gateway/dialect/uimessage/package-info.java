/**
 * The UI message stream of Vercel's AI SDK, read and written, in the part that its versions 5, 6 and 7 have in common.
 *
 * <p>Clients give up the whole answer at a chunk of a type they do not know, so nothing but the common types is ever written.
 */
@NullMarked
package dev.sluice.gateway.dialect.uimessage;

import org.jspecify.annotations.NullMarked;
