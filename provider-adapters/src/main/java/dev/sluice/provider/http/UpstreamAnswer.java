package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.Vertx;

/** The answer to one call, asked anew by each subscriber. */
final class UpstreamAnswer extends AbstractMulti<Chunk> {

    private final Vertx vertx;
    private final LoopClients clients;
    private final MemoryShare memory;
    private final HttpCall call;

    UpstreamAnswer(Vertx vertx, LoopClients clients, MemoryShare memory, HttpCall call) {
        this.vertx = vertx;
        this.clients = clients;
        this.memory = memory;
        this.call = call;
    }

    @Override
    public void subscribe(MultiSubscriber<? super Chunk> subscriber) {
        Exchange exchange = new Exchange(vertx, clients, memory, call, subscriber);
        subscriber.onSubscribe(exchange);
        exchange.start();
    }
}
