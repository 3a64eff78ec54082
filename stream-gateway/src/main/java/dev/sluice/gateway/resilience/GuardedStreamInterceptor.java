package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Target;
import dev.sluice.stream.Chunk;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.Method;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;

/** Reads the standard annotations off a {@link Guarded} method and applies them to the stream that it returns. */
@Guarded
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
class GuardedStreamInterceptor {

    private final ResilienceConfig config;
    private final Breakers breakers;
    private final StreamGuard guard;

    GuardedStreamInterceptor(ResilienceConfig config, Breakers breakers, StreamGuard guard) {
        this.config = config;
        this.breakers = breakers;
        this.guard = guard;
    }

    @AroundInvoke
    Object around(InvocationContext invocation) throws Exception {
        Method method = invocation.getMethod();
        Target target = (Target) invocation.getParameters()[0];
        AttemptObserver observer = (AttemptObserver) invocation.getParameters()[2];
        Retry retry = method.getAnnotation(Retry.class);
        RetryPolicy policy = retry.maxRetries() == 0
                ? RetryPolicy.NEVER
                : RetryPolicy.of(retry, method.getAnnotation(ExponentialBackoff.class), config);
        Breaker breaker = breakers.of(target, method.getAnnotation(CircuitBreaker.class));
        @SuppressWarnings("unchecked")
        Multi<Chunk> call = (Multi<Chunk>) invocation.proceed();
        return guard.guard(call, new GuardedCall(target, observer, policy, breaker));
    }
}
