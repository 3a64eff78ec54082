package dev.sluice.gateway.resilience;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the fault-tolerance annotations of a method that returns a {@code Multi} the meaning they should have for a stream.
 * SmallRye Fault Tolerance guards only the making of the {@code Multi}, not what flows through it; its own handling is
 * switched off for the method by configuration.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface Guarded {}
