package dev.sluice.gateway.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.routing.ModelCatalog;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The models that callers may ask for, as OpenAI lists them. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
public final class ModelsResource {

    private final Callers callers;
    private final ModelCatalog catalog;

    ModelsResource(Callers callers, ModelCatalog catalog) {
        this.callers = callers;
        this.catalog = catalog;
    }

    /**
     * One model.
     *
     * @param id its public name
     * @param object always {@code model}
     * @param created always 0: when a model was made is not known here
     * @param ownedBy the first provider that answers for it
     */
    public record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy) {}

    /**
     * All models.
     *
     * @param object always {@code list}
     * @param data in alphabetical order
     */
    public record ModelList(String object, List<Model> data) {}

    @GET
    public ModelList list(@Context HttpServerRequest http) {
        callers.identify(http);
        return new ModelList("list", catalog.names().stream().map(this::model).toList());
    }

    /** The name may hold slashes, as {@code provider/model} does. */
    @GET
    @Path("/{id:.+}")
    public Model get(@PathParam("id") String id, @Context HttpServerRequest http) {
        callers.identify(http);
        return model(id);
    }

    private Model model(String id) {
        return catalog.targets(id)
                .map(targets ->
                        new Model(id, "model", 0, targets.getFirst().endpoint().name()))
                .orElseThrow(() -> GatewayException.of(ErrorCode.MODEL_NOT_FOUND, "There is no such model."));
    }
}
