package dev.sluice.collector.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The account that PostgreSQL runs under. It refuses to run as root, so a root collector either enters a user namespace
 * in which it has no name (files stay root's), or, where namespaces are forbidden, becomes {@code nobody}.
 */
enum ServerAccount {
    /** The collector's own account, which is not root. */
    OWN("", -1),
    /** Root without a name, in a user namespace of its own. */
    NAMESPACE("unshare -U", 0),
    /** The unprivileged account {@code nobody}; needs a path that it may walk. */
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups", 65534);

    private final String prefix;
    private final int owner;

    ServerAccount(String prefix, int owner) {
        this.prefix = prefix;
        this.owner = owner;
    }

    /** The first account that works here. */
    static ServerAccount choose() {
        if (!"0".equals(effectiveUser(OWN))) {
            return OWN;
        }
        for (var candidate : List.of(NAMESPACE, NOBODY)) {
            var user = effectiveUser(candidate);
            if (!user.isEmpty() && !"0".equals(user)) {
                return candidate;
            }
        }
        throw new EmbeddedPostgresException(
                "The embedded PostgreSQL does not run as root, and neither unshare nor setpriv"
                        + " can give it another account here: start the collector as an ordinary user, or configure"
                        + " quarkus.datasource.reactive.url.");
    }

    /** The command, run under this account. */
    List<String> command(List<String> command) {
        var all = new ArrayList<String>();
        prefix.lines().flatMap(words -> Stream.of(words.split(" "))).forEach(all::add);
        all.addAll(command);
        return all;
    }

    /** Hands a file or a whole folder to this account; does nothing when it has it already. */
    void take(Path path) throws IOException {
        if (owner < 0 || owns(path)) {
            return;
        }
        try (var paths = Files.walk(path)) {
            for (var each : (Iterable<Path>) paths::iterator) {
                Files.setAttribute(each, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private boolean owns(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) instanceof Integer uid && uid == owner;
    }

    private static String effectiveUser(ServerAccount account) {
        try {
            return Command.run(account.command(List.of("id", "-u"))).output().strip();
        } catch (IOException unavailable) {
            return "";
        }
    }
}
