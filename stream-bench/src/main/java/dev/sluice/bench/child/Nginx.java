package dev.sluice.bench.child;

import dev.sluice.bench.net.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** nginx, where it is installed, as one process that passes everything on unread: what any proxy costs at least. */
public final class Nginx extends Child {

    private static final int TRIES = 100;

    private final int port;

    private Nginx(Run run, String program, int port) throws IOException {
        super(run, "nginx", List.of(program, "-p", run.folder().toString(), "-c", "nginx.conf"), Map.of(), false);
        this.port = port;
    }

    /** Starts it before a provider; returns null where it is not installed. */
    public static @Nullable Nginx start(Run run, int providerPort) throws IOException, InterruptedException {
        String program = program();
        if (program == null) {
            return null;
        }
        int port = Http.freePort();
        Files.writeString(run.folder().resolve("nginx.conf"), configuration(port, providerPort));
        Nginx nginx = new Nginx(run, program, port);
        for (int tries = TRIES; tries > 0 && nginx.process().isAlive(); tries--) {
            try {
                Http.get(port, "/connections");
                return nginx;
            } catch (IOException _) {
                Thread.sleep(20);
            }
        }
        nginx.close();
        throw new IOException("nginx does not start; it said: "
                + Files.readString(run.folder().resolve("nginx.log")));
    }

    private static @Nullable String program() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin:/opt/homebrew/bin";
        return Stream.of(path.split(":", -1))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    private static String configuration(int port, int providerPort) {
        return """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log nginx.log;
            events { worker_connections 50000; }
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              upstream provider { server 127.0.0.1:%d; keepalive 512; keepalive_requests 1000000; }
              server {
                listen 127.0.0.1:%d backlog=4096;
                keepalive_requests 1000000;
                location / {
                  proxy_pass http://provider;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                }
              }
            }
            """.formatted(providerPort, port);
    }

    public int port() {
        return port;
    }
}
