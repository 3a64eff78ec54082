package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.Phase;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.InstantSource;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, up to the head; then an {@link AnswerBody} or an {@link ErrorReader} takes over.
 *
 * <p>Everything but {@link #request} and {@link #cancel} runs on the stream's context.
 */
final class Exchange implements Flow.Subscription {

    private static final long CANCEL = 0x8;
    private static final int SWITCHING = 101;

    private final Vertx vertx;
    private final Context context;
    private final LoopClients clients;
    private final Refusals refusals;
    private final MemoryShare memory;
    private final HttpCall call;
    private final Outlet outlet;
    private @Nullable HttpClientRequest request;
    private @Nullable AnswerBody body;

    Exchange(
            Vertx vertx,
            LoopClients clients,
            MemoryShare memory,
            HttpCall call,
            MultiSubscriber<? super Chunk> subscriber) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.clients = clients;
        this.refusals = new Refusals(call.endpoint(), InstantSource.system());
        this.memory = memory;
        this.call = call;
        this.outlet = new Outlet(subscriber);
    }

    void start() {
        onContext(this::open);
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            onContext(() -> abandon(Subscriptions.getInvalidRequestException()));
            return;
        }
        outlet.add(n);
        onContext(this::moreWanted);
    }

    @Override
    public void cancel() {
        if (!outlet.isClosed()) {
            outlet.close();
            onContext(this::disconnect);
        }
    }

    private void onContext(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(_ -> action.run());
        }
    }

    private void moreWanted() {
        outlet.drain();
        if (body != null) {
            body.pull();
        }
    }

    private void open() {
        if (outlet.isClosed()) {
            return;
        }
        try {
            Buffer content = call.body().get();
            clients.current().request(Requests.options(call)).onComplete(result -> connected(result, content));
        } catch (RuntimeException e) {
            abandon(refusals.unreachable(e));
        }
    }

    private void connected(AsyncResult<HttpClientRequest> result, Buffer content) {
        if (result.failed()) {
            abandon(refusals.unreachable(result.cause()));
            return;
        }
        request = result.result();
        request.exceptionHandler(Exchange::toldOtherwise);
        if (outlet.isClosed()) {
            disconnect();
            return;
        }
        request.send(content).onComplete(this::answered);
    }

    private void answered(AsyncResult<HttpClientResponse> result) {
        if (outlet.isClosed()) {
            disconnect();
            return;
        }
        if (result.failed()) {
            abandon(refusals.broken(Phase.HEAD, result.cause()));
            return;
        }
        HttpClientResponse response = result.result();
        response.pause();
        response.exceptionHandler(Exchange::toldOtherwise);
        if (response.statusCode() >= 400) {
            new ErrorReader(vertx, response, refusals, outlet::fail).start();
        } else if (response.statusCode() < 200 && response.statusCode() != SWITCHING) {
            abandon(refusals.interim(response.statusCode()));
        } else if (response.statusCode() != 200) {
            abandon(refusals.oddStatus(response.statusCode()));
        } else if (Requests.isCompressed(response)) {
            abandon(refusals.compressed());
        } else {
            body = new AnswerBody(vertx, response, call.decoder().apply(memory), outlet, refusals);
            body.start();
        }
    }

    /** The same failure arrives through the future of the answer or was our own doing; without a handler it would be logged. */
    private static void toldOtherwise(Throwable cause) {}

    /** Fails the stream and closes the connection, unless it has ended by itself. */
    private void abandon(Throwable cause) {
        if (!outlet.isClosed()) {
            outlet.fail(cause);
            disconnect();
        }
    }

    private void disconnect() {
        boolean connectionIsOurs = body == null || !body.isOver();
        if (body != null) {
            body.stop();
        }
        if (request != null && connectionIsOurs) {
            request.reset(CANCEL);
        }
    }
}
