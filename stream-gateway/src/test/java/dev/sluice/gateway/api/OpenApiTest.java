package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OpenApiTest {

    @Test
    void describesEveryEndpointAndNoOther() throws Exception {
        String document = RestAssured.given()
                .queryParam("format", "json")
                .get("/q/openapi")
                .asString();

        Set<String> described = new TreeSet<>();
        JsonNode paths = JsonMapper.builder().build().readTree(document).path("paths");
        paths.properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(field -> {
                    if (Set.of("get", "post", "delete").contains(field)) {
                        described.add(field + " " + path.getKey());
                    }
                }));

        assertThat(described).isEqualTo(offered());
    }

    private static Set<String> offered() {
        Set<String> offered = new TreeSet<>(Set.of("get " + SocketRoute.PATH));
        for (Class<?> resource : Set.of(
                BreakersResource.class,
                ChatCompletionsResource.class,
                ChatResource.class,
                MessagesResource.class,
                ResponsesResource.class,
                ModelsResource.class,
                SessionsResource.class,
                StreamsResource.class)) {
            String root = resource.getAnnotation(Path.class).value();
            for (Method method : resource.getDeclaredMethods()) {
                Path path = method.getAnnotation(Path.class);
                String full = root + (path == null ? "" : path.value().replaceAll(":[^}]*", ""));
                if (method.isAnnotationPresent(GET.class)) {
                    offered.add("get " + full);
                } else if (method.isAnnotationPresent(POST.class)) {
                    offered.add("post " + full);
                } else if (method.isAnnotationPresent(DELETE.class)) {
                    offered.add("delete " + full);
                }
            }
        }
        return offered;
    }
}
