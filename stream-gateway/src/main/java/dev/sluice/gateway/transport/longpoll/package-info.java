/** Long poll: a stream in many short answers, for clients and networks that take no stream. */
@NullMarked
package dev.sluice.gateway.transport.longpoll;

import org.jspecify.annotations.NullMarked;
