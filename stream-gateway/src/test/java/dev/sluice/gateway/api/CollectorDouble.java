package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A collector that remembers every batch it accepted, and can be made to refuse or to hang. */
public final class CollectorDouble implements AutoCloseable {

    private final HttpServer server;
    private final List<Batch> accepted = new CopyOnWriteArrayList<>();
    private final List<Batch> refused = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /**
     * A batch as it came.
     *
     * @param text the JSON, unzipped
     */
    public record Batch(String path, String contentType, String encoding, String text) {

        public JsonNode json() {
            return Json.read(text);
        }
    }

    public CollectorDouble() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on answers with this status; only batches answered with 200 count as accepted. */
    public void answer(int newStatus) {
        status = newStatus;
        gate.countDown();
    }

    /** From now on reads requests and never answers, until told to answer. */
    public void hang() {
        gate = new CountDownLatch(1);
    }

    public List<Batch> accepted() {
        return accepted;
    }

    /** Returns batches that came and were not accepted. */
    public List<Batch> refused() {
        return refused;
    }

    /** Returns every accepted event. */
    public List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        accepted.forEach(batch -> batch.json().path("events").forEach(events::add));
        return events;
    }

    /** Returns the accepted events of one stream. */
    public List<JsonNode> events(String streamId) {
        return events().stream()
                .filter(event -> event.path("stream_id").asText().equals(streamId))
                .toList();
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String encoding = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            Batch batch = new Batch(
                    exchange.getRequestURI().getPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    encoding,
                    encoding.equals("gzip") ? unzip(body) : new String(body, StandardCharsets.UTF_8));
            boolean hung = gate.getCount() > 0;
            gate.await();
            int answer = hung ? 503 : status;
            (answer == 200 ? accepted : refused).add(batch);
            byte[] json = "{\"accepted\":0,\"duplicate\":0,\"rejected\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer, json.length);
            exchange.getResponseBody().write(json);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String unzip(byte[] bytes) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
