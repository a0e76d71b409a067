package dev.weft.perf.compare;

import java.util.Map;

/**
 * System calls of servers under one load, from a pass of its own.
 *
 * @param by what has counted them: perf, or strace, which slows a server
 * @param perMessage how many for a message, by contender
 */
public record Syscalls(String by, Map<String, Double> perMessage) {}
