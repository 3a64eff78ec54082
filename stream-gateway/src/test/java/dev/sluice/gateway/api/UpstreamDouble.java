package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A provider on loopback that says exactly the bytes it is told to say. Every model has a script, or hands its calls to the
 * test, which then plays the provider itself. Calls to one model never disturb another.
 */
public final class UpstreamDouble implements AutoCloseable {

    private final ServerSocket listener;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final Map<String, Model> models = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();

    /** Answers one call; what it throws closes the connection. */
    public interface Script {
        void answer(UpstreamCall call) throws IOException;
    }

    private record Model(@Nullable Script script, BlockingQueue<UpstreamCall> calls, AtomicInteger seen) {}

    public UpstreamDouble() {
        try {
            listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** Adds a model whose every call is answered by a script, and returns its public name. */
    public String model(Script script) {
        return add("m" + names.incrementAndGet(), script);
    }

    /** The same under a name that configuration knows. Where it had a script, its calls are counted anew. */
    public String model(String name, Script script) {
        return add(name, script);
    }

    /** Adds a model whose calls the test answers, and returns its public name. */
    public String model() {
        return add("m" + names.incrementAndGet(), null);
    }

    /** Returns how often a model was called. */
    public int calls(String model) {
        return known(model).seen.get();
    }

    /** Waits for the next call to a model without a script. */
    public UpstreamCall next(String model) {
        try {
            UpstreamCall call = known(model).calls.poll(10, TimeUnit.SECONDS);
            if (call == null) {
                throw new AssertionError("nobody called " + model);
            }
            return call;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private String add(String name, @Nullable Script script) {
        models.put(name, new Model(script, new LinkedBlockingQueue<>(), new AtomicInteger()));
        return "upstream/" + name;
    }

    private Model known(String model) {
        Model known = models.get(model.substring(model.indexOf('/') + 1));
        if (known == null) {
            throw new IllegalArgumentException("no model " + model);
        }
        return known;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The double was closed.
        }
    }

    /** Reads on while a call is answered, since only reading tells when the other side closes. */
    private void serve(Socket socket) {
        UpstreamCall call = null;
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (UpstreamCall next = read(in, socket); next != null; next = read(in, socket)) {
                call = next;
                dispatch(next);
            }
        } catch (IOException _) {
            // A reset is a close as well.
        } finally {
            connections.remove(socket);
            if (call != null) {
                call.closed.complete(System.nanoTime());
            }
        }
    }

    private void dispatch(UpstreamCall call) {
        Model model = known(call.request().path("model").asText());
        model.seen.incrementAndGet();
        Script script = model.script;
        if (script == null) {
            model.calls.add(call);
        } else {
            Thread.ofVirtual().start(() -> play(script, call));
        }
    }

    private static void play(Script script, UpstreamCall call) {
        try {
            script.answer(call);
        } catch (IOException | UncheckedIOException _) {
            call.reset();
        }
    }

    private static @Nullable UpstreamCall read(InputStream in, Socket socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            head.write(b);
            matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
        }
        String text = head.toString(StandardCharsets.UTF_8);
        String length = text.toLowerCase(Locale.ROOT).replaceFirst("(?s).*content-length: (\\d+).*", "$1");
        JsonNode body = Json.read(in.readNBytes(Integer.parseInt(length)));
        return new UpstreamCall(text, body, socket);
    }
}
