package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiFailuresTest {

    private static final OpenAiCaller CALLER = new OpenAiCaller();
    private static final String DELTA = Decoded.json("data: {'choices':[{'delta':{'content':'a'}}]}\n\n");

    @AfterAll
    static void close() {
        CALLER.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | unsupported_parameter      | Rejected       | false",
                "401 | invalid_request_error | invalid_api_key            | Unauthorized   | false",
                "402 | x                     | y                          | QuotaExhausted | false",
                "403 | x                     | y                          | Unauthorized   | false",
                "404 | invalid_request_error | model_not_found            | Rejected       | false",
                "408 | x                     | y                          | Server         | true",
                "409 | x                     | y                          | Rejected       | false",
                "413 | x                     | y                          | Rejected       | false",
                "422 | x                     | y                          | Rejected       | false",
                "429 | requests              | rate_limit_exceeded        | RateLimited    | true",
                "429 | insufficient_quota    | insufficient_quota         | QuotaExhausted | false",
                "429 | x                     | credit_balance_exhausted   | QuotaExhausted | false",
                "498 | x                     | capacity_exceeded          | Server         | true",
                "500 | server_error          | y                          | Server         | true",
                "503 | x                     | server_is_overloaded       | Server         | true",
                "529 | overloaded_error      | y                          | Server         | true"
            })
    void aStatusHasItsKindOfFailure(int status, String type, String code, String kind, boolean retryable)
            throws IOException {
        String body = Decoded.json("{'error':{'message':'Because of " + OpenAiCaller.KEY
                + " at http://a.b/c .','type':'" + type + "','param':'max_tokens','code':'" + code + "'}}");
        ProviderFailure failure = answer(ScriptedServer.response(status + " Oh", "Retry-After: 7\r\n", body));

        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.message()).isEqualTo("Because of *** at *** .");
        assertThat(failure.retryAfter().isPresent()).isEqualTo(retryable);
        failure.retryAfter().ifPresent(wait -> assertThat(wait).isEqualTo(Duration.ofSeconds(7)));
        if (failure instanceof ProviderFailure.Rejected rejected) {
            assertThat(rejected.status()).isEqualTo(status);
            assertThat(rejected.code()).isEqualTo(code);
            assertThat(rejected.param()).isEqualTo("max_tokens");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {'error':{'message':'no','code':'unsupported_parameter'}}                                  | unsupported_parameter   | false",
                "400 | {'error':{'message':'no','code':'content_policy_violation'}}                               | content_policy_violation | false",
                "400 | {'error':{'message':'no','code':'context_length_exceeded'}}                                | context_length_exceeded | true",
                "400 | {'error':{'message':'no','type':'exceed_context_size_error','code':400}}                   | context_length_exceeded | true",
                "400 | {'object':'error','message':'The maximum context length is 4096 tokens.','code':400}       | context_length_exceeded | true",
                "400 | {'error':{'message':'prompt is too long: 9 tokens > 8 maximum'}}                           | context_length_exceeded | true",
                "400 | {'error':{'message':'The input exceeds the maximum number of tokens allowed','code':400}}  | context_length_exceeded | true",
                "422 | {'error':'The context window is full'}                                                     | context_length_exceeded | true",
                "422 | {'detail':[{'msg':'Extra inputs are not permitted'}]}                                      |                         | false",
                "400 | {'error':{'message':'no','code':'model_decommissioned'}}                                   | model_not_found         | true",
                "400 | {'object':'error','message':'no','type':'invalid_model','code':'1500'}                     | model_not_found         | true",
                "404 | {}                                                                                         |                         | true",
                "413 | {}                                                                                         |                         | true"
            })
    void aRefusalTellsWhetherAnotherModelMayDoBetter(int status, String said, String code, boolean transferable)
            throws IOException {
        ProviderFailure failure = answer(ScriptedServer.response(status + " Oh", "", Decoded.json(said)));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        ProviderFailure.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(code));
        assertThat(failure.transferable()).isEqualTo(transferable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':'too bad'}",
                "{'error':{'message':'too bad','code':400}}",
                "{'object':'error','message':'too bad'}",
                "{'detail':'too bad'}",
                "{'detail':[{'loc':['body'],'msg':'too bad'}]}",
                "[{'error':{'message':'too bad'}}]"
            })
    void aRefusalIsReadInEveryShape(String body) throws IOException {
        assertThat(answer(ScriptedServer.response("400 Bad", "", Decoded.json(body)))
                        .message())
                .isEqualTo("too bad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Bad gateway at 10.0.0.1</html>", "{", "null", "[]", "{\"error\":null}"})
    void aRefusalWithoutWordsIsStillARefusal(String body) throws IOException {
        assertThat(answer(ScriptedServer.response("502 Bad Gateway", "", body)))
                .isEqualTo(new ProviderFailure.Server(502, null, "The provider answered with HTTP status 502."));
    }

    @Test
    void aRefusalWhoseBodyIsTooLongOrCutIsStillARefusal() throws IOException {
        assertThat(answer(ScriptedServer.response("503 No", "", "x".repeat(100_000))))
                .isInstanceOf(ProviderFailure.Server.class);
        assertThat(hangUpAfter("HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\n{\"err"))
                .isInstanceOf(ProviderFailure.Server.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"102 Processing", "199 Whatever"})
    void anInterimAnswerThatCannotBeReadPastMayPass(String status) throws IOException {
        ProviderFailure failure = answer("HTTP/1.1 " + status + "\r\n\r\n" + ScriptedServer.stream(DELTA));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        ProviderFailure.Network.class,
                        network -> assertThat(network.phase()).isEqualTo(Phase.HEAD));
        assertThat(failure.message()).contains("interim HTTP status " + status.substring(0, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"101 Switching Protocols", "204 No Content", "206 Partial Content", "301 Moved", "307 Elsewhere"
            })
    void anOddStatusIsMalformed(String status) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";

        assertThat(answer(head)).isInstanceOf(ProviderFailure.Malformed.class);
    }

    @Test
    void anAnswerCompressedAgainstOurWishIsMalformed() throws IOException {
        assertThat(answer(ScriptedServer.response("200 OK", "Content-Encoding: gzip\r\n", "x")))
                .isInstanceOf(ProviderFailure.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {'error':{'message':'m','type':'server_error','code':null}}\n\n",
                "data: {'error':{'message':'m','code':500}}\n\ndata: [DONE]\n\n",
                "data: {'error':'m'}\n\n",
                "event: error\ndata: {'error':{'message':'m'}}\n\n",
                "event: error\ndata: {'message':'m'}\n\n",
                "data: {'type':'error','message':'m'}\n\n",
                "data: {'choices':[{'delta':{},'finish_reason':'error'}],'error':{'message':'m','code':502}}\n\n",
                "error: {'message':'m','code':500}\n\n"
            })
    void anErrorInTheStreamIsAFailureInEveryForm(String events) throws IOException {
        ProviderFailure failure = answer(ScriptedServer.stream(DELTA + Decoded.json(events)));

        assertThat(failure).isEqualTo(new ProviderFailure.Server(200, null, "m"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'error':{'message':'m','code':429}}                         | RateLimited",
                "{'error':{'message':'m','code':'rate_limit_exceeded'}}       | RateLimited",
                "{'error':{'message':'m','type':'insufficient_quota'}}        | QuotaExhausted",
                "{'error':{'message':'m','code':402}}                         | QuotaExhausted",
                "{'error':{'message':'m','code':400}}                         | Rejected",
                "{'error':{'message':'m','type':'invalid_request_error'}}     | Rejected",
                "{'choices':[{'finish_reason':'insufficient_system_resource'}]} | Server"
            })
    void anErrorInTheStreamHasItsKind(String data, String kind) throws IOException {
        assertThat(answer(ScriptedServer.stream(Decoded.json("data: " + data + "\n\n")))
                        .getClass()
                        .getSimpleName())
                .isEqualTo(kind);
    }

    @Test
    void anErrorInPlaceOfAStreamIsAFailure() throws IOException {
        assertThat(answer(ScriptedServer.response(
                        "200 OK", "Content-Type: application/json\r\n", "{\"error\":{\"message\":\"m\"}}")))
                .isEqualTo(new ProviderFailure.Server(200, null, "m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE html><html></html>", "{\"choices\":[{\"mess", "{}", "oh no", "data: {\"cho\n\n"})
    void whatIsNoAnswerIsMalformed(String body) throws IOException {
        assertThat(answer(ScriptedServer.response("200 OK", "", body))).isInstanceOf(ProviderFailure.Malformed.class);
    }

    @Test
    void anAnswerThatEndsBeforeItsEndIsMalformed() throws IOException {
        assertThat(answer(ScriptedServer.stream(DELTA))).isInstanceOf(ProviderFailure.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ": waiting\n\n"})
    void anAnswerWithNothingInItBrokeOffBeforeItBegan(String body) throws IOException {
        assertThat(answer(ScriptedServer.stream(body.isEmpty() ? "\n" : body)))
                .isInstanceOfSatisfying(
                        ProviderFailure.Network.class,
                        f -> assertThat(f.phase()).isEqualTo(Phase.FIRST_CHUNK));
    }

    @Test
    void aConnectionThatBreaksTellsHowFarItHadCome() throws IOException {
        String head = ScriptedServer.streamHead();

        assertBreaksIn(Phase.HEAD, "");
        assertBreaksIn(Phase.HEAD, "HTTP/1.1 200");
        assertBreaksIn(Phase.FIRST_CHUNK, head);
        assertBreaksIn(Phase.FIRST_CHUNK, head + ScriptedServer.httpChunk(": wait\n\ndata: {"));
        assertBreaksIn(
                Phase.FIRST_CHUNK,
                head
                        + ScriptedServer.httpChunk(
                                Decoded.json("data: {'choices':[{'delta':{'role':'assistant'}}]}\n\n")));
        assertBreaksIn(Phase.MID_STREAM, head + ScriptedServer.httpChunk(DELTA));
    }

    @Test
    void aBreakAfterTheFinishTakesNothingAway() throws IOException {
        String stop = Decoded.json("data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\n");
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(ScriptedServer.streamHead() + ScriptedServer.httpChunk(DELTA + stop));
            connection.hangUp();
        })) {
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data: {{{{\n\n", "data: {'error':{'message':'m','code':500}}\n\n", "error: {'message':'m'}\n\n"
            })
    void nonsenseAfterTheFinishTakesNothingAway(String events) throws IOException {
        String stop = "data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\n";
        try (ScriptedServer server =
                ScriptedServer.answering(ScriptedServer.stream(DELTA + Decoded.json(stop + events)))) {
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
        }
    }

    @Test
    void chunksBeforeAFailureAreDelivered() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(DELTA + DELTA))) {
            AssertSubscriber<Chunk> reader = CALLER.subscribe(server.baseUrl(), 1);

            reader.awaitItems(1).request(2);

            OpenAiCaller.failure(reader);
            assertThat(reader.getItems()).hasSize(3);
        }
    }

    @Test
    void nobodyThereIsANetworkFailure() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertConnectFails(URI.create("http://127.0.0.1:" + port + "/v1"));
        assertConnectFails(URI.create("http://nobody.invalid/v1"));
        assertConnectFails(URI.create("ftp://127.0.0.1/v1"));
    }

    @Test
    void aServerWithoutTlsIsANetworkFailure() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(plain));
            assertConnectFails(URI.create("https://127.0.0.1:" + plain.getLocalPort() + "/v1"));
        }
    }

    /** The JDK's own server, with a certificate that the JDK's own tool has just signed with its own key. */
    @Test
    void aCertificateThatNobodyVouchesForIsNamedAsTheReason(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("own.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), "changeit".toCharArray()), "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.start();
        try {
            URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/v1");

            assertConnectFails(url);
            assertThat(CALLER.fail(url).message()).isEqualTo("The provider's certificate is not trusted.");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aHeaderThatCannotBeSentIsAFailure() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(DELTA))) {
            Map<String, String> headers = Map.of("X-Bad", "a\r\nX-Worse: b");
            AssertSubscriber<Chunk> reader = CALLER.stream(
                            new Endpoint("test", server.baseUrl(), null, headers, Duration.ofSeconds(5)))
                    .subscribe()
                    .withSubscriber(AssertSubscriber.create(1));

            assertThat(OpenAiCaller.failure(reader)).isInstanceOf(ProviderFailure.Network.class);
        }
    }

    @Test
    void aConnectionThatIsNotMadeInTimeHasTimedOut() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/v1");
            Duration limit = Duration.ofMillis(200);
            AssertSubscriber<Chunk> reader = CALLER.stream(new Endpoint("test", url, null, Map.of(), limit))
                    .subscribe()
                    .withSubscriber(AssertSubscriber.create(1));

            assertThat(OpenAiCaller.failure(reader))
                    .isInstanceOfSatisfying(ProviderFailure.TimedOut.class, timedOut -> {
                        assertThat(timedOut.phase()).isEqualTo(Phase.CONNECT);
                        assertThat(timedOut.limit()).isEqualTo(limit);
                    });
        }
    }

    private static ProviderFailure answer(String response) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(response)) {
            return CALLER.fail(server.baseUrl());
        }
    }

    private static ProviderFailure hangUpAfter(String beginning) throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(beginning);
            connection.hangUp();
        })) {
            return CALLER.fail(server.baseUrl());
        }
    }

    private static void assertBreaksIn(Phase phase, String beginning) throws IOException {
        assertThat(hangUpAfter(beginning))
                .as(beginning)
                .isInstanceOfSatisfying(
                        ProviderFailure.Network.class,
                        f -> assertThat(f.phase()).isEqualTo(phase));
    }

    private static void greet(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            socket.getOutputStream().write(Decoded.utf8("HTTP/1.1 400 This is not TLS\r\n\r\n"));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The client has seen enough.
        }
    }

    private static void assertConnectFails(URI url) {
        assertThat(CALLER.fail(url)).isInstanceOfSatisfying(ProviderFailure.Network.class, failure -> {
            assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
            assertThat(failure.message()).doesNotContain("127.0.0.1").doesNotContain("nobody");
        });
    }
}
