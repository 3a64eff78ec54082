package dev.sluice.gateway.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Utf8BufferTest {

    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    @Test
    void writesEveryCharacterAsJacksonReadsIt() throws IOException {
        for (int character = 0; character <= Character.MAX_VALUE; character++) {
            assertReadsBack(String.valueOf((char) character));
            assertReadsBack("a" + (char) character + "z");
        }
    }

    @Test
    void writesWholeCharactersAsJacksonWritesThem() throws JsonProcessingException {
        for (int codePoint = 0x20; codePoint <= Character.MAX_CODE_POINT; codePoint += codePoint < 0x3000 ? 1 : 61) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                assertThat(json(text)).isEqualTo(JACKSON.writeValueAsBytes(text));
            }
        }
    }

    @Test
    void writesSurrogatePairsAsFourBytes() {
        assertThat(json("\uD83D\uDE00")).isEqualTo("\"\uD83D\uDE00\"".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void writesHalfAPairAsAnEscapeSoThatTheNextDeltaCanCompleteIt() {
        assertThat(text("\uD83D")).isEqualTo("\"\\ud83d\"");
        assertThat(text("\uDE00")).isEqualTo("\"\\ude00\"");
        assertThat(text("\uDE00\uD83D")).isEqualTo("\"\\ude00\\ud83d\"");
        assertThat(text("a\uD83Db")).isEqualTo("\"a\\ud83db\"");
    }

    @Test
    void letsNothingThroughThatCouldEndALine() {
        for (int character = 0; character < 0x20; character++) {
            assertThat(text("" + (char) character).chars()).allMatch(written -> written >= 0x20);
        }
        assertThat(text("\"\\\n\r\u0000")).isEqualTo("\"\\\"\\\\\\n\\u000d\\u0000\"");
    }

    @Test
    void growsFromNothingWithoutLosingAByte() throws IOException {
        long seed = System.nanoTime();
        System.out.println("Utf8BufferTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(200);
            for (int i = 0; i < length; i++) {
                text.append(anything(random));
            }
            Utf8Buffer buffer = new Utf8Buffer(random.nextInt(4)).string(text.toString());
            assertThat(JACKSON.readValue(buffer.toBytes(), String.class))
                    .as("seed %d", seed)
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void writesNoTextAsNull() {
        assertThat(text(null)).isEqualTo("null");
    }

    @Test
    void writesNumbersAndRawTextAsTheyAre() {
        Utf8Buffer buffer =
                new Utf8Buffer(0).raw("\u00e9=").number(Long.MIN_VALUE).raw(new byte[] {'!'});

        assertThat(new String(buffer.toBytes(), StandardCharsets.UTF_8)).isEqualTo("\u00e9=-9223372036854775808!");
        assertThat(buffer.length()).isEqualTo(24);
    }

    @Test
    void keepsWhatItGaveAwayWhenItIsUsedAgain() {
        Utf8Buffer buffer = new Utf8Buffer(8).raw("first");
        byte[] bytes = buffer.toBytes();
        Buffer vertx = buffer.toBuffer(0, buffer.length());

        buffer.clear();
        assertThat(buffer.length()).isZero();
        buffer.raw("SECOND");

        assertThat(bytes).asString(StandardCharsets.UTF_8).isEqualTo("first");
        assertThat(vertx.toString()).isEqualTo("first");
    }

    private static void assertReadsBack(String text) throws IOException {
        assertThat(JACKSON.readValue(json(text), String.class)).isEqualTo(text);
    }

    private static byte[] json(String text) {
        return new Utf8Buffer(0).string(text).toBytes();
    }

    private static String text(@Nullable String text) {
        return new String(new Utf8Buffer(0).string(text).toBytes(), StandardCharsets.UTF_8);
    }

    private static char anything(Random random) {
        return (char)
                switch (random.nextInt(5)) {
                    case 0 -> random.nextInt(0x20);
                    case 1 -> 0x20 + random.nextInt(0x60);
                    case 2 -> random.nextInt(0x800);
                    case 3 -> Character.MIN_SURROGATE + random.nextInt(0x800);
                    default -> random.nextInt(0x10000);
                };
    }
}
