package dev.sluice.bench.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private static final String CHUNKED = """
        HTTP/1.1 200 OK\r
        Transfer-Encoding: chunked\r
        \r
        5;ext=1\r
        hello\r
        7\r
         world!\r
        0\r
        Trailer: yes\r
        \r
        """;

    private static String body(Answer answer, String wire, int cut) {
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder body = new StringBuilder();
        Answer.Body sink =
                (part, from, to) -> body.append(new String(part, from, to - from, StandardCharsets.ISO_8859_1));
        int taken = answer.take(bytes, 0, cut, sink);
        answer.take(bytes, taken, bytes.length, sink);
        return body.toString();
    }

    @Test
    void aChunkedBodyIsTheSameWhereverTheNetworkCutsIt() {
        for (int cut = 0; cut <= CHUNKED.length(); cut++) {
            Answer answer = new Answer();
            assertThat(body(answer, CHUNKED, cut)).as("cut at %d", cut).isEqualTo("hello world!");
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void anAnswerEndsWithItsLengthAndTheNextOneBegins() {
        byte[] wire = "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 204 Yes\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        Answer answer = new Answer();
        int next = answer.take(wire, 0, wire.length, (_, _, _) -> {});
        assertThat(answer.status()).isEqualTo(404);
        answer.next();
        answer.take(wire, next, wire.length, (_, _, _) -> {});
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.complete()).isTrue();
    }

    @Test
    void withoutALengthTheCloseIsTheEnd() {
        Answer answer = new Answer();
        assertThat(body(answer, "HTTP/1.1 200 OK\r\n\r\nall of it", 10)).isEqualTo("all of it");
        assertThat(answer.complete()).isFalse();
        assertThat(answer.closed()).isTrue();
    }

    @Test
    void aCloseAmidTheBodyIsNotTheEnd() {
        Answer answer = new Answer();
        body(answer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 10);
        assertThat(answer.closed()).isFalse();
    }

    @Test
    void whatIsNoHttpIsRefused() {
        assertThatThrownBy(() -> body(new Answer(), "SSH-2.0-OpenSSH\r\n\r\n", 3))
                .isInstanceOf(IllegalStateException.class);
    }
}
