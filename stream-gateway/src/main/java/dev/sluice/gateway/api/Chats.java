package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.uimessage.UiMessageDialect;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.MilestoneListener;
import dev.sluice.gateway.generation.StreamKey;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Which chats are being answered, and by which streams. A chat is known while its stream runs, so there are never more of
 * them than streams. Thread-safe.
 */
@Singleton
final class Chats implements MilestoneListener {

    private final Map<Chat, Turn> turns = new ConcurrentHashMap<>();
    private final Map<StreamKey, Chat> chats = new ConcurrentHashMap<>();

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

    /** Starts a turn, which takes the place of the one that runs. When starting fails, that one stays. */
    <T> Begun<T> begin(Chat chat, Turn turn, Supplier<T> start) {
        // Before the stream starts, so that its end is noticed however soon it comes.
        chats.put(turn.stream(), chat);
        boolean started = false;
        try {
            T result = start.get();
            started = true;
            Turn before = turns.put(chat, turn);
            if (!chats.containsKey(turn.stream())) {
                turns.remove(chat, turn);
            }
            return new Begun<>(result, Optional.ofNullable(before));
        } finally {
            if (!started) {
                chats.remove(turn.stream());
            }
        }
    }

    /** Finds the turn that runs in a chat. */
    Optional<Turn> running(Chat chat) {
        return Optional.ofNullable(turns.get(chat));
    }

    /** Returns how many chats are being answered. */
    int size() {
        return chats.size();
    }

    @Override
    public void onMilestone(Milestone milestone) {
        switch (milestone) {
            case Milestone.Completed completed -> ended(completed.generation());
            case Milestone.Failed failed -> ended(failed.generation());
            case Milestone.Aborted aborted -> ended(aborted.generation());
            case Milestone.Started _,
                    Milestone.AttemptFailed _,
                    Milestone.FirstChunk _,
                    Milestone.Continued _,
                    Milestone.Resumed _,
                    Milestone.BreakerChanged _,
                    Milestone.Rejected _ -> {}
        }
    }

    private void ended(GenerationInfo generation) {
        Chat chat = chats.remove(generation.key());
        if (chat != null) {
            turns.computeIfPresent(chat, (_, turn) -> turn.stream().equals(generation.key()) ? null : turn);
        }
    }
}
