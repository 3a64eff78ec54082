package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import dev.sluice.gateway.transport.websocket.SocketConfig;
import jakarta.inject.Singleton;

/** What every socket's messages need. */
@Singleton
final class SocketServices {

    private final RequestDecoder decoder;
    private final StreamRequests requests;
    private final GenerationPipeline pipeline;
    private final StreamAccess access;
    private final Milestones milestones;
    private final SocketConfig config;

    SocketServices(
            RequestDecoder decoder,
            StreamRequests requests,
            GenerationPipeline pipeline,
            StreamAccess access,
            Milestones milestones,
            SocketConfig config) {
        this.decoder = decoder;
        this.requests = requests;
        this.pipeline = pipeline;
        this.access = access;
        this.milestones = milestones;
        this.config = config;
    }

    RequestDecoder decoder() {
        return decoder;
    }

    StreamRequests requests() {
        return requests;
    }

    GenerationPipeline pipeline() {
        return pipeline;
    }

    StreamAccess access() {
        return access;
    }

    Milestones milestones() {
        return milestones;
    }

    SocketConfig config() {
        return config;
    }
}
