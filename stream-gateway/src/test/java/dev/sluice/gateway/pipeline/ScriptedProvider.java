package dev.sluice.gateway.pipeline;

import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ModelProvider;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A protocol whose every call is in the test's hand. For one stream at a time, on its thread. */
@Alternative
@Singleton
class ScriptedProvider implements ModelProvider {

    static final String ADAPTER = "scripted";

    private final List<Call> calls = new ArrayList<>();
    private Consumer<Call> whenAsked = _ -> {};

    /** Forgets all calls. */
    void reset() {
        calls.clear();
        whenAsked = _ -> {};
    }

    /** Says what a call does the moment something is first wanted of it. */
    void whenAsked(Consumer<Call> reaction) {
        whenAsked = reaction;
    }

    /** Returns all calls since the last reset. */
    List<Call> calls() {
        return calls;
    }

    @Override
    public String adapter() {
        return ADAPTER;
    }

    @Override
    public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
        return new AbstractMulti<>() {
            @Override
            public void subscribe(MultiSubscriber<? super Chunk> subscriber) {
                Call call = new Call(endpoint.name(), calls.size(), subscriber);
                calls.add(call);
                subscriber.onSubscribe(call);
            }
        };
    }

    /** Whole answers come in the same pieces, so that orders of events mean the same. */
    @Override
    public Multi<Chunk> whole(Endpoint endpoint, String model, ChatRequest request) {
        return stream(endpoint, model, request);
    }

    /** One upstream call, with the connection that it would have. */
    final class Call implements Flow.Subscription {

        private final String provider;
        private final int number;
        private final MultiSubscriber<? super Chunk> subscriber;
        private long wanted;
        private int pieces;
        private boolean asked;
        private boolean open = true;

        Call(String provider, int number, MultiSubscriber<? super Chunk> subscriber) {
            this.provider = provider;
            this.number = number;
            this.subscriber = subscriber;
        }

        String provider() {
            return provider;
        }

        /** Whether the connection is still held. */
        boolean open() {
            return open;
        }

        /** Whether any of its answer was sent. */
        boolean answered() {
            return pieces > 0;
        }

        @Override
        public void request(long count) {
            wanted += count;
            if (!asked) {
                asked = true;
                whenAsked.accept(this);
            }
        }

        @Override
        public void cancel() {
            open = false;
        }

        void start() {
            send(new Chunk.Started("call-" + number, "real-model"));
        }

        /** Sends a piece of text that no other call sends. */
        void text() {
            if (send(new Chunk.TextDelta("<" + number + "." + pieces + ">"))) {
                pieces++;
            }
        }

        void finish() {
            if (send(new Chunk.Finished(FinishReason.STOP))) {
                end();
            }
        }

        /** Ends without a finish. */
        void end() {
            if (close()) {
                subscriber.onCompletion();
            }
        }

        void fail(ProviderFailure failure) {
            breakDown(new ProviderException(failure));
        }

        void breakDown(Throwable fault) {
            if (close()) {
                subscriber.onFailure(fault);
            }
        }

        private boolean send(Chunk chunk) {
            if (!open || wanted == 0) {
                return false;
            }
            wanted--;
            subscriber.onItem(chunk);
            return open;
        }

        private boolean close() {
            boolean was = open;
            open = false;
            return was;
        }
    }
}
