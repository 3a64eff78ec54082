package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.uimessage.UiMessageDialect;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.MilestoneListener;
import dev.sluice.gateway.generation.StreamKey;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which chats are being answered, and by which streams. A chat is known while its stream runs, so there are never more of
 * them than streams. Thread-safe.
 */
@Singleton
final class Chats implements MilestoneListener {

    private final Map<Chat, Turn> running = new ConcurrentHashMap<>();
    private final Map<StreamKey, Entry> entries = new ConcurrentHashMap<>();

    /**
     * What identifies a chat.
     *
     * @param owner whose it is
     * @param id the client's name for it
     */
    record Chat(Caller owner, String id) {}

    /**
     * One answer in a chat.
     *
     * @param stream where it appears
     * @param dialect writes it the same way for every reader
     */
    record Turn(StreamKey stream, UiMessageDialect dialect) {}

    /**
     * What became of a start.
     *
     * @param result what starting returned
     * @param replaced the turn that was running until now
     */
    record Begun<T>(T result, Optional<Turn> replaced) {}

    /** A turn that was begun, and which one it took the place of. */
    private static final class Entry {

        private final Chat chat;
        private final Turn turn;
        private volatile @Nullable Turn replaced;

        Entry(Chat chat, Turn turn) {
            this.chat = chat;
            this.turn = turn;
        }
    }

    /** Starts a turn, which takes the place of the one that runs. When starting fails, that one stays. */
    <T> Begun<T> begin(Chat chat, Turn turn, Supplier<T> start) {
        // Before the stream starts: it is the running one from its first milestone, so that nobody who saw it misses it
        // here.
        Entry entry = new Entry(chat, turn);
        entries.put(turn.stream(), entry);
        boolean started = false;
        try {
            T result = start.get();
            started = true;
            return new Begun<>(result, Optional.ofNullable(entry.replaced));
        } finally {
            if (!started) {
                ended(turn.stream());
            }
        }
    }

    /** Finds the turn that runs in a chat. */
    Optional<Turn> running(Chat chat) {
        return Optional.ofNullable(running.get(chat));
    }

    /** Returns how many chats are being answered. */
    int size() {
        return entries.size();
    }

    @Override
    public void onMilestone(Milestone milestone) {
        switch (milestone) {
            case Milestone.Started started -> started(started.generation().key());
            case Milestone.Completed completed -> ended(completed.generation().key());
            case Milestone.Failed failed -> ended(failed.generation().key());
            case Milestone.Aborted aborted -> ended(aborted.generation().key());
            case Milestone.AttemptFailed _,
                    Milestone.FirstChunk _,
                    Milestone.Continued _,
                    Milestone.Resumed _,
                    Milestone.BreakerChanged _,
                    Milestone.Rejected _ -> {}
        }
    }

    private void started(StreamKey stream) {
        Entry entry = entries.get(stream);
        if (entry != null) {
            entry.replaced = running.put(entry.chat, entry.turn);
        }
    }

    private void ended(StreamKey stream) {
        Entry entry = entries.remove(stream);
        if (entry != null) {
            running.remove(entry.chat, entry.turn);
        }
    }
}
