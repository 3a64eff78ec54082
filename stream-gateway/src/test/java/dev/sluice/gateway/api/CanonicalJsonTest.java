package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"a":1,"b":{"c":[1,2],"d":null}} | { "b" : {"d":null, "c":[ 1 ,2]}, "a":1 }
                    {"a":"é\\u0041"}                 | {"a":"\\u00e9A"}
                    {"a":"😀"}                       | {"a":"\\ud83d\\ude00"}
                    {"a\\u0062":1}                   | {"ab":1}
                    {"a":"/"}                        | {"a":"\\/"}
                    [1,100,0.5,-0.0]                 | [1.0,1e2,5E-1,0]
                    1e400                            | 1e500
                    """)
    void isTheSameForTextsThatMeanTheSame(String one, String other) {
        assertThat(canonical(one)).isEqualTo(canonical(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"a":1}            | {"a":"1"}
                    {"a":null}         | {}
                    {"a":null}         | {"a":"null"}
                    {"a":true}         | {"a":"true"}
                    [1,2]              | [2,1]
                    [[1],2]            | [[1,2]]
                    [12]               | [1,2]
                    {}                 | []
                    {"a":"\\ud83d"}    | {"a":"\\\\ud83d"}
                    {"a":"b","c":"d"}  | {"a":"b\\",\\"c\\":\\"d"}
                    9007199254740993   | 9007199254740992
                    """)
    void isAnotherForTextsThatMeanAnother(String one, String other) {
        assertThat(canonical(one)).isNotEqualTo(canonical(other));
    }

    @Test
    void isJsonItself() {
        String text = "{\"z\":[{\"b\":2,\"a\":\"\\n\\\"\"},[],{}],\"y\":1.25,\"x\":false}";

        assertThat(canonical(text)).isEqualTo("{\"x\":false,\"y\":1.25,\"z\":[{\"a\":\"\\n\\\"\",\"b\":2},[],{}]}");
        assertThat(Json.read(canonical(text))).isEqualTo(Json.read(text));
    }

    private static String canonical(String text) {
        return new String(CanonicalJson.of(Json.read(text)), StandardCharsets.UTF_8);
    }
}
