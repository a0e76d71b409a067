package dev.weft.perf.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that can be measured.
 *
 * @param name how it is chosen, {@code weft-epoll}
 * @param title what it is, for people
 * @param command how it is started, without the options that all peers have
 * @param missing why it cannot be started here, and what would help; null if it can
 */
public record Contender(
    String name, String title, List<String> command, @Nullable String missing) {}
