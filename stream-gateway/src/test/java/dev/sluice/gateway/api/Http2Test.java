package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same promises over HTTP/2, on clear text. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class Http2Test {

    private static final String PATH = "/v1/chat/completions";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    Vertx vertx;

    private io.vertx.core.http.HttpClient client;

    private record Received(int status, HttpVersion version, String type, String body) {}

    private static String streamed(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";
    }

    @BeforeEach
    void connect() {
        client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private Received post(Function<HttpClientRequest, Future<Void>> body) throws Exception {
        return client.request(HttpMethod.POST, RestAssured.port, "127.0.0.1", PATH)
                .compose(request -> {
                    var response = request.putHeader("Content-Type", "application/json")
                            .response();
                    return body.apply(request).transform(_ -> response);
                })
                .compose(response -> response.body()
                        .map(bytes -> new Received(
                                response.statusCode(),
                                response.version(),
                                String.valueOf(response.getHeader("content-type")),
                                bytes.toString())))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void streamsWithPriorKnowledge() throws Exception {
        String model = upstream.model(call -> call.answer("Grüße ", "👋"));

        Received received = post(request -> request.end(streamed(model)));

        assertThat(received.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(received.type()).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(Frames.of(received.body()).completionText()).isEqualTo("Grüße 👋");
        assertThat(received.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void announcedBodyOverTheLimitIsRefusedAndTheConnectionGoesOn() throws Exception {
        String model = upstream.model(call -> call.answer("x"));

        Received refused = post(request -> {
            request.putHeader("Content-Length", "4194305");
            return request.write(" ");
        });

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.type()).isEqualTo("application/json");
        assertThat(Json.read(refused.body()).at("/error/code").asText()).isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(post(request -> request.end(streamed(model))).status()).isEqualTo(200);
    }

    @Test
    void requestsWithoutABodyAreAnswered() throws Exception {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.DELETE)) {
            int status = client.request(method, RestAssured.port, "127.0.0.1", "/v1/streams/str_unknown")
                    .compose(HttpClientRequest::send)
                    .map(HttpClientResponse::statusCode)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);

            assertThat(status).isEqualTo(404);
        }
    }

    @Test
    void emptyBodyIsRefused() throws Exception {
        assertThat(post(HttpClientRequest::end).status()).isEqualTo(400);
    }

    @Test
    void bodyOfUnannouncedLengthIsTaken() throws Exception {
        String model = upstream.model(call -> call.answer("x"));
        String body = streamed(model);

        Received received = post(request -> {
            request.setChunked(true).write(body.substring(0, 20));
            return request.end(body.substring(20));
        });

        assertThat(received.status()).isEqualTo(200);
    }

    /** Quarkus ends the connection then, and not by the book; but it ends it, and nothing is wrong with the gateway. */
    @Test
    void bodyOfUnannouncedLengthOverTheLimitIsNotTaken() throws Exception {
        String model = upstream.model(call -> call.answer("x"));
        try (LogTap log = new LogTap()) {
            assertThatThrownBy(() -> post(request -> {
                        request.setChunked(true);
                        for (int i = 0; i <= 64; i++) {
                            request.write(Buffer.buffer(" ".repeat(0x10000)));
                        }
                        return request.end(streamed(model));
                    }))
                    .isInstanceOf(ExecutionException.class);

            assertThat(upstream.calls(model)).isZero();
            assertThat(log.errors()).noneMatch(line -> line.contains("dev.sluice"));
        }
        disconnect();
        connect();
        assertThat(post(request -> request.end(streamed(model))).status()).isEqualTo(200);
    }

    /** On clear text the JDK's client offers h2c with its first request, and speaks HTTP/2 from then on. */
    @Test
    void jdkClientStreamsOverHttp2AfterItsUpgrade() throws Exception {
        String model = upstream.model(call -> call.answer("Grüße ", "👋"));
        try (HttpClient jdk =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = jdk.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + PATH))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(streamed(model)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(Frames.of(response.body()).completionText()).isEqualTo("Grüße 👋");
                assertThat(response.body()).endsWith("data: [DONE]\n\n");
            }
        }
    }
}
