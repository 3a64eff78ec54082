package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.Target;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.Method;
import org.eclipse.microprofile.faulttolerance.Retry;

/** Applies what the standard annotations of a {@link Guarded} method say, or what overrides it, to the stream that it returns. */
@Guarded
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
class GuardedStreamInterceptor {

    private final ResilienceSettings settings;
    private final Breakers breakers;
    private final StreamGuard guard;

    GuardedStreamInterceptor(ResilienceSettings settings, Breakers breakers, StreamGuard guard) {
        this.settings = settings;
        this.breakers = breakers;
        this.guard = guard;
    }

    @AroundInvoke
    Object around(InvocationContext invocation) throws Exception {
        Target target = (Target) invocation.getParameters()[0];
        AttemptObserver observer = (AttemptObserver) invocation.getParameters()[2];
        @SuppressWarnings("unchecked")
        Multi<Chunk> call = (Multi<Chunk>) invocation.proceed();
        return guard.guard(
                call, new GuardedCall(target, observer, settings(invocation.getMethod(), target), breakers.of(target)));
    }

    private GuardSettings settings(Method method, Target target) {
        GuardSettings fitting =
                target.streams() ? settings.of(target) : settings.of(target).forWholeAnswers();
        return method.getAnnotation(Retry.class).maxRetries() == 0 ? fitting.once() : fitting;
    }
}
